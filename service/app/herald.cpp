#include "service/app/herald.hpp"

#include "service/answers/declines.hpp"
#include "service/notify/messages.hpp"

namespace hashprice::service::app {

judge::Herald herald_for(const judge::History& history, domain::UtcSeconds now) {
    const auto news = [&history, now](judge::Day day) {
        return notify::is_news(day, *history.through, now);
    };
    return {.changed = [&history, news](storage::Database& db, const storage::EpisodeChange& change,
                                        const domain::Episode& episode) -> domain::Status {
                const auto decline = answers::explained_decline(db, episode, history);
                if (!decline) return tl::unexpected(decline.error());
                return notify::tell_episode(db, change, *decline, news(change.day));
            },
            .withdrawn =
                [now](storage::Database& db, const domain::Episode& episode) {
                    return notify::tell_withdrawn(db, episode, now);
                },
            .fleet =
                [news](storage::Database& db, const storage::FleetChange& change) {
                    return notify::tell_fleet(db, change, news(change.day));
                }};
}

}  // namespace hashprice::service::app
