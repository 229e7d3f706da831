#include "service/answers/declines.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "domain/printable.hpp"

namespace hashprice::service::answers {
namespace {

using domain::Episode;

bool wanted(const Episode& e, const DeclinesQuery& query) {
    if (query.state && e.state != *query.state) return false;
    if (query.to && UtcSeconds{e.peak.day} >= *query.to) return false;
    return !query.from || UtcSeconds{e.through} + domain::kDay > *query.from;
}

Result<std::vector<storage::EpisodeChange>> recorded_of(storage::Database& db, const Episode& e) {
    return storage::changes_after(db, 0, e.rule).map([&](auto changes) {
        std::erase_if(changes, [&](const storage::EpisodeChange& c) { return c.episode != e.id; });
        return changes;
    });
}

}  // namespace

Result<Decline> explained_decline(storage::Database& db, const Episode& episode,
                                  const judge::History& history) {
    return recorded_of(db, episode).map([&](auto recorded) {
        return Decline{episode,
                       trend::jumps_between(history.inputs, episode.peak.day, episode.trough.day),
                       std::move(recorded)};
    });
}

Result<Decline> decline_of(storage::Database& db, const Episode& episode,
                           const judge::History& history) {
    return explained_decline(db, episode, history).map([&](Decline decline) {
        judge::explain(decline.episode, history);
        return decline;
    });
}

Result<std::vector<Decline>> declines(storage::Database& db, const std::vector<domain::Rule>& rules,
                                      const DeclinesQuery& query, UtcSeconds now) {
    const auto history = judge::history_of(db, now);
    if (!history) return tl::unexpected(history.error());
    std::vector<Decline> found;
    for (const judge::Verdict& verdict : judge::judge(rules, *history)) {
        for (const Episode& e : verdict.episodes) {
            if (!wanted(e, query)) continue;
            auto decline = decline_of(db, e, *history);
            if (!decline) return tl::unexpected(decline.error());
            found.push_back(std::move(*decline));
        }
    }
    return found;
}

std::string declines_json(const std::vector<Decline>& declines) {
    return json_text([&](Json& json) {
        object(json, [&] {
            array(json, "declines", [&] {
                for (const Decline& decline : declines) put_decline(json, decline);
            });
        });
    });
}

Result<Decline> decline(storage::Database& db, const std::vector<domain::Rule>& rules,
                        const std::string& id, UtcSeconds now) {
    const auto history = judge::history_of(db, now);
    if (!history) return tl::unexpected(history.error());
    for (const judge::Verdict& verdict : judge::judge(rules, *history)) {
        const auto at = std::ranges::find(verdict.episodes, id, &Episode::id);
        if (at != verdict.episodes.end()) return decline_of(db, *at, *history);
    }
    return domain::fail(
        domain::Errc::not_found,
        fmt::format("there is no decline '{}'; /api/v1/declines and `hashprice declines` "
                    "list those there are",
                    domain::printable(id, 80)));
}

std::string decline_json(const Decline& decline) {
    return json_text([&](Json& json) { put_decline(json, decline); });
}

}  // namespace hashprice::service::answers
