#include "storage/upkeep.hpp"

#include <gmock/gmock.h>

#include <limits>

#include "ingest/collector.hpp"
#include "ingest/starter/starter.hpp"
#include "storage/facts.hpp"
#include "storage/observations.hpp"
#include "storage/record.hpp"
#include "tests/support/process.hpp"

namespace hashprice::storage {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr UtcSeconds kNoon = domain::utc(1'763'208'000);  // 2025-11-15T12:00:00Z
constexpr domain::seconds kWindow = 600s;                 // max_age is the default of 300 s

/// The starter history, and ten minutes of prices of two exchanges at noon.
struct Filled {
    Filled() {
        const auto now = kNoon + kWindow;
        EXPECT_TRUE(collector.take(ingest::starter_facts(), now, now));
        for (const char* name : {"coinbase", "kraken"}) {
            domain::FactBatch batch{.source = name, .fetched_at = now};
            for (auto t = kNoon; t < now; t += 60s)
                batch.prices.push_back({t, 0s, domain::MicroUsd{95'000'000'000}});
            EXPECT_TRUE(collector.take(batch, now, now));
        }
    }
    std::vector<domain::Observation> around_noon() {
        std::vector<domain::Observation> all;
        const auto found = observations_between(db, kNoon - 1s, kNoon + kWindow);
        for (const auto& kept : found.value()) all.push_back(kept.observation);
        return all;
    }
    std::size_t ticks() { return prices_between(db, kNoon - 1s, kNoon + kWindow).value().size(); }
    test::TempDir dir;
    Database db = Database::open(dir.path() / "h.db", Access::write).value();
    ingest::Collector collector{
        db, ingest::derive_options(db, {.sources = {"coinbase", "kraken"}}).value()};
};

TEST(DiskGuard, NothingIsWrittenWithoutRoomAndWritingGoesOnOnceThereIs) {
    Filled h;
    const domain::FactBatch more{.source = "kraken",
                                 .fetched_at = kNoon,
                                 .prices = {{kNoon - 60s, 0s, domain::MicroUsd{1'000'000}}}};

    h.db.keep_free(std::numeric_limits<std::uint64_t>::max());
    const auto refused = h.collector.take(more, kNoon, kNoon);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::database);
    EXPECT_THAT(refused.error().what, HasSubstr("nothing is written until there is room"));
    EXPECT_THAT(refused.error().what, HasSubstr("h.db"));

    h.db.keep_free(1);
    EXPECT_TRUE(h.collector.take(more, kNoon, kNoon));
}

TEST(Retention, ForgetsSinglePricesButNotWhatWasDerivedFromThem) {
    Filled h;
    const auto before = h.around_noon();
    ASSERT_GE(before.size(), 10U);  // one a minute
    ASSERT_EQ(h.ticks(), 20U);

    EXPECT_EQ(forget_ticks(h.db, {kNoon + kWindow, 1'000, 300s}).value(), 20);
    EXPECT_EQ(h.ticks(), 0U);
    const auto recomputed = h.collector.recompute(kNoon - 24h, kNoon + 24h, kNoon + 48h);

    ASSERT_TRUE(recomputed);
    EXPECT_EQ(h.around_noon(), before);
}

TEST(Retention, KeepsCandlesAndNewerPrices) {
    Filled h;
    const auto candles = prices_between(h.db, kNoon - 24h * 30, kNoon - 1s).value().size();
    ASSERT_GT(candles, 0U);

    EXPECT_EQ(forget_ticks(h.db, {kNoon + 300s, 1'000, 300s}).value(), 10);

    EXPECT_EQ(h.ticks(), 10U);
    EXPECT_EQ(prices_between(h.db, kNoon - 24h * 30, kNoon - 1s).value().size(), candles);
}

TEST(Retention, GoesOnFromTheOldestInSmallSteps) {
    Filled h;

    EXPECT_EQ(forget_ticks(h.db, {kNoon + kWindow, 6, 300s}).value(), 6);

    const auto left = prices_between(h.db, kNoon - 1s, kNoon + kWindow).value();
    ASSERT_EQ(left.size(), 14U);
    EXPECT_EQ(left.front().fact.time, kNoon + 180s);  // three minutes of two exchanges are gone
    EXPECT_EQ(frozen(h.db).value(), (domain::Range{kNoon - 1s, kNoon + 120s + 300s}));
}

TEST(Compaction, IsNotWorthItWhileLittleIsUnused) {
    Filled h;
    const auto bytes = std::filesystem::file_size(h.db.file());

    EXPECT_EQ(compact_if_worth(h.db).value(), 0);

    EXPECT_EQ(std::filesystem::file_size(h.db.file()), bytes);
}

TEST(Compaction, GivesBackWhatIsUnusedAndLosesNothing) {
    Filled h;
    domain::FactBatch many{.source = "import", .fetched_at = kNoon};
    constexpr int kRows = 250'000;  // some 6 MB
    for (int n = 0; n < kRows; ++n)
        many.prices.push_back({domain::utc(1'000'000'000 + n), 0s, domain::MicroUsd{1'000'000}});
    ASSERT_TRUE(
        in_transaction(h.db, [&] { return record(h.db, many).map([](const Recorded&) {}); }));
    const auto kept = h.around_noon();
    ASSERT_EQ(forget_ticks(h.db, {domain::utc(1'500'000'000), kRows, 300s}).value(), kRows);
    const auto before = std::filesystem::file_size(h.db.file());

    const auto freed = compact_if_worth(h.db).value();

    EXPECT_GT(freed, 4LL << 20);
    EXPECT_LT(std::filesystem::file_size(h.db.file()), before / 2);
    EXPECT_EQ(h.around_noon(), kept);
    EXPECT_TRUE(h.db.integrity());
}

}  // namespace
}  // namespace hashprice::storage
