// Followed day by day or all at once, with a past that changes or not: the same verdicts.
#include "service/judge/judge.hpp"

#include <random>

#include "tests/service/judge/days.hpp"

namespace hashprice::service::judge {
namespace {

using domain::EpisodeState;

std::vector<domain::Rule> rules() {
    std::vector<domain::Rule> all = domain::builtin_rules();
    all.push_back(
        {.name = "below-45", .kind = domain::RuleKind::level, .below = 45, .rearm_above = 50});
    all.push_back({.name = "fast", .kind = domain::RuleKind::rate, .fall = 0.1});
    all.push_back({.name = "in-sat", .denomination = domain::Denomination::sat});
    return all;
}

/// Two years of a walk of the log; every twentieth day has no close.
std::vector<double> walk(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::normal_distribution<double> step(0, 0.03);
    std::vector<double> closes;
    double log_value = std::log(60.0);
    for (int i = 0; i < 730; ++i) {
        log_value += step(random);
        closes.push_back(i % 20 == 19 ? NAN : std::exp(log_value));
    }
    return closes;
}

void expect_same(const std::vector<Verdict>& a, const std::vector<Verdict>& b) {
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        SCOPED_TRACE(a[i].rule.name);
        EXPECT_EQ(a[i].episodes, b[i].episodes);
        EXPECT_EQ(a[i].events, b[i].events);
    }
}

std::size_t episodes_in(const std::vector<Verdict>& verdicts) {
    std::size_t count = 0;
    for (const Verdict& v : verdicts) count += v.episodes.size();
    return count;
}

TEST(Judge, DayByDayGivesTheVerdictsOfTheWholeHistory) {
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        SCOPED_TRACE(seed);
        auto db = *Database::in_memory();
        put_closes(db, walk(seed));
        const History whole = history(db, after(729));
        Judge live(rules());

        for (int day = 0; day < 730; ++day) {
            live.follow(whole.upto(kFirstDay + Days{day}));
        }
        live.follow(whole);

        const auto verdicts = judge(rules(), whole);
        expect_same(live.verdicts(), verdicts);
        EXPECT_GT(episodes_in(verdicts), 5U);
        // each day was one step a rule, none was gone through again
        EXPECT_EQ(live.steps(), 730 * static_cast<int>(rules().size()));
    }
}

TEST(Judge, APastThatChangedIsFollowedAgain) {
    auto db = *Database::in_memory();
    std::vector<double> closes = walk(4);
    put_closes(db, closes);
    Judge live(rules());
    live.follow(history(db, after(729)));

    closes[100] *= 0.5;  // corrected
    closes[19] = 55;     // a gap is filled
    closes[300] = NAN;   // retracted
    put_closes(db, closes);
    const History changed = history(db, after(729));
    live.follow(changed);

    expect_same(live.verdicts(), judge(rules(), changed));
}

TEST(Judge, AMissingDayThatGetsItsCloseLaterIsFollowedAgain) {
    auto db = *Database::in_memory();
    put_closes(db, joined({repeated(60, 5), repeated(40, 5), {NAN}}));
    Judge live(domain::builtin_rules());
    const UtcSeconds evening = after(11);
    live.follow(history(db, evening));

    put_closes(db, joined({repeated(60, 5), repeated(40, 5), {39}}));
    live.follow(history(db, evening));

    expect_same(live.verdicts(), judge(domain::builtin_rules(), history(db, evening)));
    EXPECT_EQ(live.verdicts().front().episodes.front().trough.value, 39);
}

// METHOD section 3: no data never means resolved
TEST(Judge, SilenceSuspendsAnOpenDeclineAndNeverEndsIt) {
    auto db = *Database::in_memory();
    put_closes(db, joined({repeated(60, 10), repeated(40, 10)}));

    const auto soon = judge(domain::builtin_rules(), history(db, after(19))).front();
    const auto much_later = judge(domain::builtin_rules(), history(db, after(1000))).front();

    ASSERT_EQ(much_later.episodes.size(), 1U);
    EXPECT_FALSE(soon.episodes.front().suspended);
    EXPECT_TRUE(much_later.episodes.front().suspended);
    EXPECT_EQ(much_later.episodes.front().state, EpisodeState::active);
    EXPECT_EQ(much_later.episodes.front().through, kFirstDay + Days{19});
}

TEST(Judge, SaysNothingOfNoDaysOfOneAndOfEqualOnes) {
    for (const auto& closes : {repeated(60, 0), repeated(60, 1), repeated(60, 400)}) {
        SCOPED_TRACE(closes.size());
        auto db = *Database::in_memory();
        put_closes(db, closes);
        for (const Verdict& v : judge(domain::builtin_rules(), history(db, after(500)))) {
            EXPECT_TRUE(v.episodes.empty());
            EXPECT_TRUE(v.events.empty());
        }
    }
}

TEST(Judge, StoresOnceWhatItSaysAndAgainOnlyWhatIsNew) {
    auto db = *Database::in_memory();
    put_closes(db, joined({repeated(60, 10), repeated(47, 5)}));
    Judge live(domain::builtin_rules());
    const auto look = [&](UtcSeconds now) {
        const History h = history(db, now);
        live.follow(h);
        return store(db, {h, live.verdicts(), {}}, now).value();
    };

    const auto first = look(after(14));
    EXPECT_TRUE(look(after(14)).empty());
    put_closes(db, joined({repeated(60, 10), repeated(47, 5), {35}}));
    const auto next = look(after(15));

    ASSERT_EQ(first.size(), 2U);  // pending, active
    EXPECT_EQ(first[0].kind, "pending");
    EXPECT_EQ(first[0].day, kFirstDay + Days{10});
    EXPECT_EQ(first[1].kind, "active");
    EXPECT_EQ(first[1].day, kFirstDay + Days{12});
    ASSERT_EQ(next.size(), 1U);
    EXPECT_EQ(next[0].severity, domain::Severity::critical);  // 35 of 60 is 41.7 % below
    EXPECT_EQ(storage::stored_episodes(db)->front().trough.value, 35);
}

TEST(Judge, NotesWhenTheParametersOfARuleChanged) {
    domain::Rule rule = domain::builtin_rules().front();
    const std::string before = parameters_of(rule);
    rule.open_depth = 0.21;

    EXPECT_NE(parameters_of(rule), before);
    EXPECT_EQ(parameters_of(domain::builtin_rules().front()), before);
}

}  // namespace
}  // namespace hashprice::service::judge
