#pragma once
#include <optional>
#include <string>
#include <vector>

#include "domain/result.hpp"
#include "storage/annotations.hpp"

/// What a chart marks: the operator's notes, and the steps of the chain.
namespace hashprice::service::answers {

struct Mark {
    enum class Kind { note, retarget, halving };
    Kind kind{};
    domain::UtcSeconds time;
    bool exact = true;                   ///< false: between two known blocks, at an even pace
    std::string text;                    ///< the note, or the event in words
    std::optional<std::int64_t> id;      ///< of a note
    std::optional<std::int64_t> height;  ///< of a step
    std::optional<double> change;        ///< of difficulty, or of the subsidy, as a ratio
};
std::string_view mark_name(Mark::Kind kind);

/// Those with a time in [from, to), by time.
domain::Result<std::vector<Mark>> annotations(storage::Database& db, const domain::Range& range);
std::string annotations_json(const std::vector<Mark>& marks, const domain::Range& range);

}  // namespace hashprice::service::answers
