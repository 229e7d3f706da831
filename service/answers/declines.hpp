#pragma once
#include <optional>
#include <string>
#include <vector>

#include "service/answers/decline_json.hpp"
#include "service/judge/judge.hpp"

/// The declines of a history, by rule: computed from the stored closes when they are asked for, so
/// that a database without a daemon answers too. What the daemon recorded stands beside it.
namespace hashprice::service::answers {

using domain::Result;
using domain::UtcSeconds;

struct DeclinesQuery {
    std::optional<domain::EpisodeState> state;
    std::optional<UtcSeconds> from;  ///< declines that were not over before it
    std::optional<UtcSeconds> to;    ///< and whose peak lies before it
};

/// By rule in the rules' order, then by peak.
Result<std::vector<Decline>> declines(storage::Database& db, const std::vector<domain::Rule>& rules,
                                      const DeclinesQuery& query, UtcSeconds now);
std::string declines_json(const std::vector<Decline>& declines);

/// One of them.   errors  no such id -> Errc::not_found
Result<Decline> decline(storage::Database& db, const std::vector<domain::Rule>& rules,
                        const std::string& id, UtcSeconds now);
std::string decline_json(const Decline& decline);

/// Explained, with its steps and what was recorded of it.
Result<Decline> decline_of(storage::Database& db, const domain::Episode& episode,
                           const judge::History& history);
/// The same for one that is explained already.
Result<Decline> explained_decline(storage::Database& db, const domain::Episode& episode,
                                  const judge::History& history);

}  // namespace hashprice::service::answers
