#pragma once
#include <optional>
#include <string>
#include <vector>

#include "ingest/derive/derive.hpp"
#include "service/answers/latest.hpp"

/// One observation taken apart: every input, who said it, when it was fetched, and the formula with
/// the numbers.
namespace hashprice::service::answers {

/// The observation at `t`, or the one whose span holds it; none: nothing speaks for `t`.
Result<std::optional<storage::KeptObservation>> speaking_for(
    storage::Database& db, UtcSeconds t, const std::optional<UtcSeconds>& as_of = {});

struct Explanation {
    UtcSeconds asked;
    std::optional<storage::KeptObservation> kept;  ///< the one that speaks for the instant
    ingest::Evidence evidence;  ///< the facts at its time, as they are stored today
    std::vector<storage::KeptObservation> superseded;  ///< what it said before, newest first
    bool as_of = false;                                ///< asked as it was known earlier
    std::vector<std::string> missing;  ///< without an observation: what there is not
    SourceNames names;
};

/// The observation at `t`, or the one whose span holds it; as it was known at `as_of`.
Result<Explanation> explain(storage::Database& db, UtcSeconds t,
                            const std::optional<UtcSeconds>& as_of,
                            const ingest::DeriveOptions& options);
std::string explain_json(const Explanation& e);

/// The formula with this observation's numbers put in, line by line; doing the arithmetic gives the
/// value.
std::vector<std::string> worked_formula(const domain::Observation& o);

/// One input: what it is, its value, and where it is from.
struct InputLine {
    std::string name;
    std::string value;
    std::string origin;  ///< source, the fact's own time, when it was fetched, whether it counted
};
std::vector<InputLine> input_lines(const Explanation& e);

}  // namespace hashprice::service::answers
