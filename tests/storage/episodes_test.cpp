#include "storage/episodes.hpp"

#include <gtest/gtest.h>

#include "storage/annotations.hpp"
#include "storage/connection.hpp"
#include "storage/fleet_changes.hpp"

namespace hashprice::storage {
namespace {

using domain::Day;
using domain::Days;
using domain::EpisodeState;
using domain::Severity;
using domain::utc;

const Day kPeak{Days{20280}};  // 2025-07-11
const UtcSeconds kFirst = utc(1764633600);
const UtcSeconds kLater = utc(1764720000);

domain::Episode episode() {
    domain::Episode e{.id = "sustained-decline-2025-07-11",
                      .rule = "sustained-decline",
                      .denomination = domain::Denomination::usd,
                      .state = EpisodeState::active,
                      .severity = Severity::warning,
                      .peak = {kPeak, 64},
                      .trough = {kPeak + Days{100}, 40},
                      .last = {kPeak + Days{110}, 48},
                      .through = kPeak + Days{111},
                      .observed_days = 100,
                      .suspended = true};
    e.slope = {-9.5, -10, -9};
    e.attribution = {e.peak.day, e.trough.day, -0.47, -0.2, -0.25, -0.02, 0};
    return e;
}

EpisodeChange change(std::string kind, int day, EpisodeState state, Severity severity) {
    return {.rule = "sustained-decline",
            .episode = "sustained-decline-2025-07-11",
            .kind = std::move(kind),
            .day = kPeak + Days{day},
            .state = state,
            .severity = severity,
            .value = 50,
            .drawdown = 0.22};
}

class Episodes : public ::testing::Test {
protected:
    std::vector<EpisodeChange> store(UtcSeconds now) {
        std::vector<EpisodeChange> added;
        const Status done = in_transaction(db, [&] {
            return store_rule(db, followed, now).map([&](auto rows) { added = std::move(rows); });
        });
        EXPECT_TRUE(done);
        return added;
    }
    double ask(const std::string& sql) { return db.connection().db.execAndGet(sql).getDouble(); }

    Database db = *Database::in_memory();
    FollowedRule followed{
        .rule = "sustained-decline",
        .parameters = "0.2",
        .through = kPeak + Days{111},
        .episodes = {episode()},
        .changes = {change("pending", 70, EpisodeState::pending, Severity::none),
                    change("active", 72, EpisodeState::active, Severity::notice)}};
};

TEST_F(Episodes, AreReadBackAsTheyWereStored) {
    store(kFirst);

    const auto stored = stored_episodes(db);

    ASSERT_TRUE(stored);
    ASSERT_EQ(stored->size(), 1U);
    EXPECT_EQ(stored->front(), episode());
    const auto evaluation = evaluation_of(db, "sustained-decline");
    ASSERT_TRUE(evaluation && *evaluation);
    EXPECT_EQ((*evaluation)->through, followed.through);
    EXPECT_EQ((*evaluation)->evaluated_at, kFirst);
    EXPECT_FALSE(*evaluation_of(db, "another"));
}

TEST_F(Episodes, ChangesAreToldOnceAndKeepTheTimeTheyWereRecorded) {
    EXPECT_EQ(store(kFirst).size(), 2U);

    followed.changes.push_back(change("escalated", 90, EpisodeState::active, Severity::warning));
    const auto added = store(kLater);

    ASSERT_EQ(added.size(), 1U);
    EXPECT_EQ(added.front().kind, "escalated");
    const auto all = *changes_after(db, 0);
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[0].recorded_at, kFirst);
    EXPECT_EQ(all[2].recorded_at, kLater);
    EXPECT_EQ(*newest_change(db), all[2].id);
    EXPECT_EQ(changes_after(db, all[1].id)->size(), 1U);
    EXPECT_TRUE(store(kLater).empty());
}

TEST_F(Episodes, ACorrectedPastIsWithdrawnAndNotDeleted) {
    store(kFirst);

    followed.changes[1] = change("active", 75, EpisodeState::active, Severity::notice);
    followed.episodes.clear();
    const auto added = store(kLater);

    ASSERT_EQ(added.size(), 1U);
    EXPECT_EQ(added.front().day, kPeak + Days{75});
    const auto all = *changes_after(db, 0);
    ASSERT_EQ(all.size(), 3U);
    EXPECT_FALSE(all[0].withdrawn_at);
    EXPECT_EQ(all[1].withdrawn_at, kLater);
    EXPECT_TRUE(stored_episodes(db)->empty());
    EXPECT_EQ(ask("SELECT COUNT(*) FROM episodes"), 1);
    EXPECT_EQ(ask("SELECT COUNT(*) FROM v_declines"), 0);

    followed.episodes = {episode()};
    store(kLater);
    EXPECT_EQ(stored_episodes(db)->size(), 1U);
}

TEST_F(Episodes, RulesDoNotTouchEachOther) {
    store(kFirst);

    followed = {.rule = "other", .parameters = "", .through = kPeak};
    store(kLater);

    EXPECT_EQ(stored_episodes(db)->size(), 1U);
    EXPECT_EQ(changes_after(db, 0, "other")->size(), 0U);
    EXPECT_EQ(changes_after(db, 0, "sustained-decline")->size(), 2U);
}

// 40 of 64 is 37.5 % below; 48 is 25 % below; shares are parts of -0.47
TEST_F(Episodes, TheViewForDashboardsHasWhatIsPromised) {
    store(kFirst);

    EXPECT_DOUBLE_EQ(ask("SELECT depth FROM v_declines"), 0.375);
    EXPECT_DOUBLE_EQ(ask("SELECT drawdown FROM v_declines"), 0.25);
    EXPECT_EQ(ask("SELECT time FROM v_declines"), 20280.0 * 86400);
    EXPECT_EQ(ask("SELECT days_to_trough FROM v_declines"), 100);
    EXPECT_EQ(ask("SELECT days_under_water FROM v_declines"), 111);
    EXPECT_DOUBLE_EQ(ask("SELECT coverage FROM v_declines"), 100.0 / 112);
    EXPECT_EQ(ask("SELECT active_time FROM v_declines"), (20280.0 + 72) * 86400);
    EXPECT_DOUBLE_EQ(ask("SELECT difficulty_share FROM v_declines"), 0.25 / 0.47);
    EXPECT_EQ(ask("SELECT closed_time IS NULL FROM v_declines"), 1);
}

TEST(FleetChanges, AreToldOnceAndWithdrawnWhenTheLineMoves) {
    auto db = *Database::in_memory();
    std::vector<FleetChange> changes{{.fleet = "hall-a",
                                      .day = kPeak,
                                      .under_water = true,
                                      .close_usd = 40,
                                      .shutdown_usd = 41}};
    const auto store = [&](UtcSeconds now) {
        std::size_t added = 0;
        EXPECT_TRUE(in_transaction(db, [&] {
            return store_fleet(db, "hall-a", changes, now).map([&](const auto& rows) {
                added = rows.size();
            });
        }));
        return added;
    };

    EXPECT_EQ(store(kFirst), 1U);
    EXPECT_EQ(store(kLater), 0U);
    changes.front().shutdown_usd = 42;
    EXPECT_EQ(store(kLater), 1U);

    const auto all = *fleet_changes(db, "hall-a");
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].withdrawn_at, kLater);
    EXPECT_FALSE(all[1].withdrawn_at);
    EXPECT_TRUE(all[1].under_water);
    EXPECT_EQ(all[1].recorded_at, kLater);
}

TEST(Annotations, AreKeptByTimeAndStayWhenRemoved) {
    auto db = *Database::in_memory();
    const auto add = [&](UtcSeconds t, const std::string& text) {
        return add_annotation(db, t, text, kFirst).value();
    };
    add(utc(2000), "second");
    const auto first = add(utc(1000), "first");

    ASSERT_EQ(annotations_between(db, utc(1000), utc(2001))->size(), 2U);
    EXPECT_EQ(annotations_between(db, utc(1000), utc(2001))->front().text, "first");
    EXPECT_EQ(annotations_between(db, utc(1000), utc(2000))->size(), 1U);

    EXPECT_TRUE(remove_annotation(db, first, kLater));
    EXPECT_EQ(annotations_between(db, utc(0), utc(9000))->size(), 1U);
    const auto again = remove_annotation(db, first, kLater);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, Errc::not_found);
    EXPECT_EQ(db.connection().db.execAndGet("SELECT COUNT(*) FROM annotations").getInt(), 2);
}

}  // namespace
}  // namespace hashprice::storage
