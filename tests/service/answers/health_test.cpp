#include <gmock/gmock.h>

#include "ingest/collector.hpp"
#include "service/answers/gaps.hpp"
#include "service/answers/sources.hpp"
#include "storage/record.hpp"

namespace hashprice::service::answers {
namespace {

using domain::kDay;
using domain::kHour;
using domain::utc;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr UtcSeconds kStart = utc(1'764'547'200);

class Health : public testing::Test {
protected:
    storage::Database db_ = storage::Database::in_memory().value();

    void poll(const std::string& source, int second, const std::string& outcome = "ok") {
        const storage::Poll poll{.source = source,
                                 .started_at = kStart + seconds{second},
                                 .duration_ms = 40 + second,
                                 .outcome = outcome,
                                 .detail = outcome == "ok" ? "" : "no route to host"};
        ASSERT_TRUE(storage::log_poll(db_, poll));
    }

    /// Blocks every ten minutes and a candle every hour over ten days, without those left out, all
    /// fetched on the twentieth day: a block from after its fetching would be refused.
    void fill(const domain::Range& no_blocks, const domain::Range& no_prices,
              const domain::Range& no_fees = {}) {
        const auto inside = [](const domain::Range& r, UtcSeconds t) {
            return t >= r.from && t < r.to;
        };
        const UtcSeconds now = kStart + 20 * kDay;
        domain::FactBatch chain{.source = "mempool", .fetched_at = now};
        domain::FactBatch prices{.source = "coinbase", .fetched_at = now};
        for (int i = 0; i < 10 * 144; ++i) {
            const UtcSeconds t = kStart + i * seconds{600};
            domain::Block block{.height = 926'000 + i, .time = t, .bits = domain::Bits{0x1701f000}};
            if (!inside(no_fees, t)) block.fees = domain::Satoshi{2'000'000};
            if (!inside(no_blocks, t)) chain.blocks.push_back(block);
            const bool hour = (t - kStart) % kHour == seconds{0};
            if (hour && !inside(no_prices, t))
                prices.prices.push_back({t, kHour, domain::MicroUsd{90'000'000'000}});
        }
        ingest::Collector collector(db_, ingest::derive_options(db_, {}).value());
        const auto took = collector.take(chain, now, now);
        ASSERT_TRUE(took);
        ASSERT_EQ(took->recorded.refused, 0);
        ASSERT_TRUE(collector.take(prices, now, now));
    }
    std::vector<GapReport> report(const Repair& repair = {}) {
        return gaps(db_, {kStart, kStart + 20 * kDay}, repair).value();
    }
};

TEST_F(Health, ASourceIsUpWhenItsLastPollWentWell) {
    poll("kraken", 0);
    poll("kraken", 60, "timeout");
    poll("coinbase", 0, "timeout");
    poll("coinbase", 60);
    poll("bitstamp", 60, "timeout");

    const auto reports = sources(db_, {{"bitstamp", "www.bitstamp.net", {"price"}},
                                       {"coinbase", "api.exchange.coinbase.com", {"price"}},
                                       {"mempool", "mempool.space", {"chain", "fees"}}})
                             .value();

    ASSERT_EQ(reports.size(), 4U);
    EXPECT_EQ(reports[0].up(), false) << "never";
    EXPECT_EQ(reports[1].up(), true);
    EXPECT_EQ(reports[1].health->last_duration_ms, 100);
    EXPECT_EQ(reports[2].up(), std::nullopt) << "never asked";
    EXPECT_EQ(reports[3].name, "kraken");
    EXPECT_FALSE(reports[3].host) << "no longer enabled, but known";
    EXPECT_EQ(reports[3].up(), false);
}

TEST_F(Health, WhatIsNotKnownOfASourceIsNull) {
    const std::string json = sources_json(sources(db_, {{"gemini", "api.gemini.com", {}}}).value());

    EXPECT_EQ(json, R"({"sources":[{"name":"gemini","host":"api.gemini.com","roles":[],"up":null,)"
                    R"("last_success":null,"last_success_s":null,"last_failure":null,)"
                    R"("last_failure_s":null,"last_error":null,"outlier":null,"latency_ms":null,)"
                    R"("polls_ok":0,)"
                    R"("polls_failed":0,"quarantined":0}]})");
}

TEST_F(Health, AGapSaysWhatIsMissing) {
    const domain::Range days{kStart + 3 * kDay, kStart + 6 * kDay};
    const struct {
        const char* why = "";
        domain::Range blocks, prices, fees;
    } kCases[] = {{"no blocks", days, {}, {}},
                  {"no price", {}, days, {}},
                  {"no price, no blocks", days, {days.from, days.to + 2 * kDay}, {}},
                  {"fees incomplete", {}, {}, days}};
    for (const auto& c : kCases) {
        SCOPED_TRACE(c.why);
        db_ = storage::Database::in_memory().value();
        fill(c.blocks, c.prices, c.fees);

        const auto found = report();

        ASSERT_EQ(found.size(), 1U);
        EXPECT_EQ(found[0].why, c.why);
        EXPECT_FALSE(found[0].being_repaired);
        EXPECT_GE(found[0].gap.to - found[0].gap.from, 2 * kDay);
    }
}

TEST_F(Health, AGapIsBeingRepairedByABackfillOrByADaemonThatHealsThatFarBack) {
    const domain::Range days{kStart + 3 * kDay, kStart + 6 * kDay};
    fill({}, days);

    EXPECT_TRUE(report({.backfill = true}).at(0).being_repaired);
    EXPECT_TRUE(report({.heals_from = kStart}).at(0).being_repaired);
    EXPECT_FALSE(report({.heals_from = kStart + 7 * kDay}).at(0).being_repaired);
}

TEST_F(Health, HoursInWhichNobodyTradedAreLabelledAndNobodyRepairsThem) {
    fill({}, {kStart + 3 * kDay, kStart + 3 * kDay + 2 * kHour});

    const auto found = report({.backfill = true});

    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].gap.to - found[0].gap.from, 2 * kHour);
    EXPECT_EQ(found[0].why, "no price: no trade on any exchange");
    EXPECT_FALSE(found[0].being_repaired);
}

TEST_F(Health, WithoutAnyObservationThereIsNoGap) { EXPECT_TRUE(report().empty()); }

}  // namespace
}  // namespace hashprice::service::answers
