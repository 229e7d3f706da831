// Declines, fleets and notes with every field, as they were stored.
#include "storage/annotations.hpp"
#include "storage/episodes.hpp"
#include "storage/fleet_changes.hpp"
#include "tests/storage/fixture.hpp"

namespace hashprice::storage {
namespace {

using domain::Closure;
using domain::Day;
using domain::Days;
using domain::EpisodeState;
using domain::kHour;
using domain::Severity;

const Day kPeak{Days{20280}};  // 2025-07-11
const std::string kRule = "sustained-decline";
const std::string kId = "sustained-decline-2025-07-11";

/// No two fields alike.
domain::Episode episode() {
    domain::Episode e{.id = kId,
                      .rule = kRule,
                      .denomination = domain::Denomination::sat,
                      .state = EpisodeState::closed,
                      .severity = Severity::critical,
                      .closure = Closure::settled,
                      .peak = {kPeak, 64.5},
                      .trough = {kPeak + Days{100}, 40.25},
                      .last = {kPeak + Days{110}, 48.75},
                      .through = kPeak + Days{111},
                      .observed_days = 107,
                      .suspended = false};
    e.slope = {-9.5, -10.5, -8.5};
    e.attribution = {e.peak.day, e.trough.day, -0.47, -0.2, -0.25, -0.03, 0.01};
    return e;
}
domain::Episode plain() {
    domain::Episode e = episode();
    e.id = "sustained-decline-2025-12-01";
    e.peak.day = kPeak + Days{143};
    e.state = EpisodeState::pending;
    e.severity = Severity::none;
    e.closure.reset();
    e.suspended = true;
    e.slope.reset();
    e.attribution.reset();
    return e;
}
EpisodeChange change() {
    return {.rule = kRule,
            .episode = kId,
            .kind = "closed",
            .day = kPeak + Days{111},
            .state = EpisodeState::closed,
            .severity = Severity::critical,
            .closure = Closure::recovered,
            .value = 63.25,
            .drawdown = 0.02};
}
auto fields_of(const EpisodeChange& c) {
    return std::tuple(c.rule, c.episode, c.kind, c.day, c.state, c.severity, c.closure, c.value,
                      c.drawdown);
}

class DeclineRows : public Stored {
protected:
    std::vector<EpisodeChange> store(const FollowedRule& followed, UtcSeconds now = kFetched) {
        const auto added = store_rule(db, followed, now);
        EXPECT_TRUE(added) << added.error().what;
        return added.value_or(std::vector<EpisodeChange>{});
    }
    static FollowedRule followed(std::vector<domain::Episode> episodes,
                                 std::vector<EpisodeChange> changes = {}) {
        return {.rule = kRule,
                .parameters = "0.2",
                .through = kPeak + Days{111},
                .episodes = std::move(episodes),
                .changes = std::move(changes)};
    }
};

TEST_F(DeclineRows, AnEpisodeIsReadBackFieldByFieldWithOrWithoutWhatMayBeMissing) {
    store(followed({plain(), episode()}));
    const auto all = stored_episodes(db).value();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_TRUE(all[0] == episode()) << "the earlier peak first";
    EXPECT_TRUE(all[1] == plain());
}

TEST_F(DeclineRows, AnEpisodeIsWrittenOverByWhatItHasBecome) {
    store(followed({episode()}));
    domain::Episode later = plain();
    later.id = kId;
    later.peak = episode().peak;
    later.trough.value = 39;
    store(followed({later}), kFetched + kHour);
    ASSERT_EQ(stored_episodes(db)->size(), 1U);
    EXPECT_TRUE(stored_episodes(db)->front() == later);
    EXPECT_EQ(ask("SELECT recorded_at_s FROM episodes"),
              std::to_string(domain::unix_s(kFetched + kHour)));
}

TEST_F(DeclineRows, WhetherASlopeIsSignificantIsStoredForSql) {
    for (const bool significant : {true, false}) {
        domain::Episode e = episode();
        e.significance = domain::Significance{.significant = significant};
        store(followed({e}));
        EXPECT_EQ(ask("SELECT significant FROM episodes"), significant ? "1" : "0");
    }
    store(followed({episode()}));
    EXPECT_EQ(ask("SELECT significant IS NULL FROM episodes"), "1");
}

TEST_F(DeclineRows, AChangeIsReadBackFieldByFieldAndSoItIsReturned) {
    EpisodeChange open = change();
    open.kind = "active";
    open.closure.reset();
    EXPECT_EQ(newest_change(db).value(), 0);
    const auto added = store(followed({episode()}, {change(), open}));

    const auto all = changes_after(db, 0).value();
    ASSERT_EQ(all.size(), 2U);
    ASSERT_EQ(added.size(), 2U);
    EXPECT_EQ(fields_of(all[0]), fields_of(change()));
    EXPECT_EQ(fields_of(all[1]), fields_of(open));
    for (std::size_t n = 0; n < 2; ++n) {
        EXPECT_EQ(fields_of(added[n]), fields_of(all[n]));
        EXPECT_EQ(added[n].id, all[n].id);
        EXPECT_EQ(added[n].recorded_at, kFetched);
        EXPECT_EQ(all[n].recorded_at, kFetched);
        EXPECT_EQ(all[n].withdrawn_at, std::nullopt);
    }
    EXPECT_EQ(newest_change(db).value(), all[1].id);
}

TEST_F(DeclineRows, WhatWasWithdrawnAndComesAgainIsToldAnew) {
    store(followed({episode()}, {change()}));
    store(followed({episode()}, {}), kFetched + kHour);
    EXPECT_EQ(changes_after(db, 0)->at(0).withdrawn_at, kFetched + kHour);
    EXPECT_EQ(store(followed({episode()}, {change()}), kFetched + 2 * kHour).size(), 1U);
    store(followed({episode()}, {}), kFetched + 3 * kHour);
    EXPECT_EQ(changes_after(db, 0)->at(0).withdrawn_at, kFetched + kHour) << "not once more";
}

TEST_F(DeclineRows, HowFarARuleWasFollowedIsReadBackFieldByField) {
    store(followed({}));
    const auto evaluation = evaluation_of(db, kRule).value().value();
    EXPECT_EQ(evaluation.parameters, "0.2");
    EXPECT_EQ(evaluation.through, kPeak + Days{111});
    EXPECT_EQ(evaluation.evaluated_at, kFetched);
}

TEST_F(DeclineRows, AFleetsChangeIsReadBackFieldByFieldAndSoItIsReturned) {
    FleetChange down{.day = kPeak, .under_water = true, .close_usd = 40.5, .shutdown_usd = 41.25};
    FleetChange up = down;
    up.day += Days{3};
    up.under_water = false;
    const auto added = store_fleet(db, "hall-a", {down, up}, kFetched).value();
    const auto all = fleet_changes(db, "hall-a").value();
    ASSERT_EQ(all.size(), 2U);
    ASSERT_EQ(added.size(), 2U);
    for (std::size_t n = 0; n < 2; ++n) {
        const FleetChange& given = n == 0 ? down : up;
        for (const FleetChange& c : {all[n], added[n]}) {
            EXPECT_EQ(c.id, static_cast<std::int64_t>(n) + 1);
            EXPECT_EQ(c.fleet, "hall-a");
            EXPECT_EQ(c.day, given.day);
            EXPECT_EQ(c.under_water, given.under_water);
            EXPECT_EQ(c.close_usd, 40.5);
            EXPECT_EQ(c.shutdown_usd, 41.25);
            EXPECT_EQ(c.recorded_at, kFetched);
            EXPECT_EQ(c.withdrawn_at, std::nullopt);
        }
    }
    EXPECT_EQ(fleet_changes(db, "hall-b")->size(), 0U);
}

TEST_F(DeclineRows, AFleetsChangeIsAnotherByItsDayItsSideAndItsLineNotByTheClose) {
    const FleetChange first{
        .day = kPeak, .under_water = true, .close_usd = 40.5, .shutdown_usd = 41.25};
    const auto added = [&](const FleetChange& c) {
        return store_fleet(db, "hall-a", {c}, kFetched + kHour)->size();
    };
    EXPECT_EQ(added(first), 1U);
    FleetChange other = first;
    other.close_usd = 40.6;
    EXPECT_EQ(added(other), 0U);
    other.day += Days{1};
    EXPECT_EQ(added(other), 1U);
    other.under_water = false;
    EXPECT_EQ(added(other), 1U);
    other.shutdown_usd = 40;
    EXPECT_EQ(added(other), 1U);
    EXPECT_EQ(store_fleet(db, "hall-a", {}, kFetched)->size(), 0U);
    const auto all = fleet_changes(db, "hall-a").value();
    ASSERT_EQ(all.size(), 4U);
    for (std::size_t n = 0; n < 4; ++n)
        EXPECT_EQ(all[n].withdrawn_at, n < 3 ? kFetched + kHour : kFetched) << n;
}

TEST_F(DeclineRows, ANoteIsReadBackFieldByField) {
    add_annotation(db, kMidnight, "halving", kFetched).value();
    const auto id = add_annotation(db, kMidnight + kHour, "new fleet", kFetched + kHour).value();
    const auto all = annotations_between(db, kMidnight, kMidnight + 2 * kHour).value();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[1].id, id);
    EXPECT_EQ(all[1].time, kMidnight + kHour);
    EXPECT_EQ(all[1].text, "new fleet");
    EXPECT_EQ(all[1].recorded_at, kFetched + kHour);
    EXPECT_EQ(ask("SELECT COUNT(*) FROM annotations WHERE removed_at_s IS NULL"), "2");
}

}  // namespace
}  // namespace hashprice::storage
