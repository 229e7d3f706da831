#include "tests/ingest/live/rehearsal.hpp"

/// A whole day at the default settings.
namespace hashprice::ingest {
namespace {

using domain::kDay;
using domain::kMinute;

constexpr auto kStart = domain::utc(1'763'164'800);  // 2025-11-15T00:00:00Z

TEST(Day, AsksAsOftenAsIsSaidAndObservesEveryMinute) {
    Rehearsal r({.start = kStart});
    r.play_for(10 * kMinute);
    r.upstream.forget_hits();
    const auto from = r.clock.now();

    r.play_for(kDay);

    // docs/live.md, a day's requests
    for (const char* exchange : {"/coinbase", "/kraken", "/bitstamp", "/gemini"}) {
        EXPECT_NEAR(static_cast<double>(r.upstream.requests(exchange)), 1440, 15) << exchange;
    }
    EXPECT_NEAR(static_cast<double>(r.upstream.requests("/mempool")), 3300, 100);
    EXPECT_EQ(r.upstream.requests("/esplora"), 0U);

    const auto observations = r.observations(from, r.clock.now());
    EXPECT_GE(observations.size(), 1439U);
    for (const domain::Observation& o : observations) {
        ASSERT_EQ(o.flags, 0U) << domain::format_time(o.time);
        ASSERT_EQ(std::popcount(o.price_sources), 4) << domain::format_time(o.time);
    }
    EXPECT_TRUE(r.changes.empty());
}

}  // namespace
}  // namespace hashprice::ingest
