#include "tests/ingest/failover/storm.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "storage/observations.hpp"

namespace hashprice::ingest {
namespace {

using namespace std::chrono_literals;

constexpr UtcSeconds kFrom = Storm::kStart + 30min;  // the daemon is there when it begins
constexpr UtcSeconds kEnd = kFrom + 72h;
constexpr UtcSeconds kCalm = kEnd + 2h;  // for what can be made good

/// Three days of fair weather, and the same three days with three requests of ten failing.
class SeventyTwoHours : public testing::Test {
protected:
    static void SetUpTestSuite() {
        fair_ = std::make_unique<Storm>();
        fair_->play_until(kCalm);
        foul_ = std::make_unique<Storm>();
        foul_->play_until(kFrom);
        foul_->weather.faults = 0.3;
        foul_->play_until(kEnd);
        foul_->weather.faults = 0.0;
        foul_->play_until(kCalm);
    }
    static void TearDownTestSuite() {
        fair_.reset();
        foul_.reset();
    }
    static std::map<UtcSeconds, domain::Observation> observations(Storm& storm) {
        std::map<UtcSeconds, domain::Observation> all;
        const auto kept = storm
                              .db([](storage::Database& db) {
                                  return storage::observations_between(db, kFrom, kEnd);
                              })
                              .value();
        for (const auto& k : kept) all[k.observation.time] = k.observation;
        return all;
    }
    static auto blocks(Storm& storm) {
        std::vector<domain::Block> all;
        const auto kept = storm
                              .db([](storage::Database& db) {
                                  const auto tip = storage::tip(db).value();
                                  return storage::blocks_between(db, 0, tip->fact.height + 1);
                              })
                              .value();
        all.reserve(kept.size());
        for (const auto& b : kept) all.push_back(b.fact);
        return all;
    }
    /// Every exchange answered in the minute that begins at t: its price is of t itself.
    static bool all_served(UtcSeconds t) {
        return std::ranges::all_of(exchanges(), [&](const std::string& name) {
            return foul_->weather.served[name].contains(t) &&
                   fair_->weather.served[name].contains(t);
        });
    }
    static bool any_served(UtcSeconds t) {
        return std::ranges::any_of(exchanges(), [&](const std::string& name) {
            return foul_->weather.served[name].contains(t);
        });
    }
    static std::vector<std::string> exchanges() { return {"coinbase", "bitstamp", "gemini"}; }

    static std::unique_ptr<Storm> fair_;
    static std::unique_ptr<Storm> foul_;
};
std::unique_ptr<Storm> SeventyTwoHours::fair_;
std::unique_ptr<Storm> SeventyTwoHours::foul_;

TEST_F(SeventyTwoHours, WereFoulIndeed) {
    std::size_t requests = 0;
    int struck = 0;
    for (const auto& [provider, sent] : foul_->weather.requests) requests += sent.size();
    for (const auto& [fault, times] : foul_->weather.struck) struck += times;
    EXPECT_GT(requests, 20'000U);
    EXPECT_NEAR(struck / static_cast<double>(requests), 0.3, 0.02);
    EXPECT_EQ(foul_->weather.struck.size(), 11U) << "every kind of fault";
    EXPECT_TRUE(fair_->weather.struck.empty());
}

TEST_F(SeventyTwoHours, EndWithTheSameChain) {
    const auto fair = blocks(*fair_);
    EXPECT_GT(fair.size(), 500U);
    EXPECT_EQ(blocks(*foul_), fair);
}

TEST_F(SeventyTwoHours, EndWithTheSameObservationsWhereverTheSourcesCouldServe) {
    const auto fair = observations(*fair_);
    const auto foul = observations(*foul_);
    ASSERT_GE(fair.size(), 72U * 60U - 3U);
    std::size_t compared = 0;
    for (const auto& [t, expected] : fair) {
        if (!all_served(t)) continue;
        ++compared;
        const auto found = foul.find(t);
        ASSERT_NE(found, foul.end()) << domain::format_time(t);
        ASSERT_EQ(found->second, expected) << domain::format_time(t);
    }
    EXPECT_GE(compared, fair.size() * 9 / 10) << "the rest had an exchange that was silent";
}

TEST_F(SeventyTwoHours, HaveNoHoleWhereAnyExchangeServedAndNothingFalse) {
    const auto fair = observations(*fair_);
    const auto foul = observations(*foul_);
    for (const auto& [t, expected] : fair) {
        const auto found = foul.find(t);
        if (any_served(t)) {
            ASSERT_NE(found, foul.end()) << domain::format_time(t);
        }
        if (found == foul.end()) continue;
        EXPECT_EQ(found->second.height, expected.height) << domain::format_time(t);
        EXPECT_EQ(found->second.bits, expected.bits);
        EXPECT_EQ(found->second.fee_sum, expected.fee_sum);
        // a price up to five minutes old stands in for one that is missing
        EXPECT_NEAR(found->second.price_usd / expected.price_usd, 1.0, 0.005)
            << domain::format_time(t);
    }
    EXPECT_TRUE(std::ranges::all_of(foul, [&](const auto& o) { return fair.contains(o.first); }));
}

TEST_F(SeventyTwoHours, NeverPassedABudget) {
    for (Storm* storm : {fair_.get(), foul_.get()}) {
        for (const auto& [provider, sent] : storm->weather.requests) {
            EXPECT_LE(storm->busiest_minute(provider), Storm::budgets().at(provider)) << provider;
            EXPECT_GT(storm->busiest_minute(provider), 0U);
        }
    }
}

}  // namespace
}  // namespace hashprice::ingest
