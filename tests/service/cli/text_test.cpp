#include "service/cli/text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hashprice::service::cli {
namespace {

using answers::Point;
using ::testing::HasSubstr;
using ::testing::Not;

const domain::UtcSeconds kMidnight = domain::utc(1763251200);  // 2025-11-16T00:00:00Z

TEST(Text, NumbersAreGroupedByThousands) {
    const std::vector<std::pair<std::int64_t, std::string>> cases{
        {0, "0"},
        {999, "999"},
        {1'000, "1,000"},
        {312'500'000, "312,500,000"},
        {-1'234'567, "-1,234,567"},
        {std::numeric_limits<std::int64_t>::max(), "9,223,372,036,854,775,807"}};
    for (const auto& [number, text] : cases) EXPECT_EQ(grouped(number), text);
}

TEST(Text, AMissingValueIsADashNeverZero) {
    const std::string line = series_lines({Point{.time = kMidnight}});
    EXPECT_THAT(line, HasSubstr("2025-11-16T00:00:00Z             -"));
    EXPECT_THAT(line, HasSubstr("0.0%"));
    EXPECT_THAT(line, Not(HasSubstr("0.0000")));
}

TEST(Text, SmallValuesKeepTheirDigits) {
    Point p{.time = kMidnight, .value = domain::Ohlc{4.15e-7, 4.15e-7, 4.15e-7, 4.15e-7, 4.15e-7}};
    EXPECT_THAT(series_lines({p}), HasSubstr("4.15e-07"));
}

TEST(Text, TheHeadOfASeriesNamesItsUnitAndItsStep) {
    answers::SeriesQuery query;
    query.denomination = answers::Denomination::sat;
    EXPECT_THAT(series_head(query, domain::Step::week),
                HasSubstr("sat/PH/day by 1w, each bar named by its start\n"));
    EXPECT_THAT(series_head(query, domain::Step::raw),
                HasSubstr("sat/PH/day, single observations\n"));
}

TEST(Text, LatestSaysHowOldItIsAndWhyItIsStale) {
    answers::Latest latest;
    latest.names = {{6, "coinbase"}, {7, "kraken"}};
    latest.kept.emplace();
    domain::Observation& o = latest.kept->observation;
    o.time = kMidnight;
    o.height = 923800;
    o.bits = domain::Bits{0x1701d936};
    o.fee_sum = domain::Satoshi{260128982};
    o.fee_blocks = 144;
    o.price_usd = 95555.28;
    o.price_sources = 1U << 6 | 1U << 7;
    o.usd_per_ph_day = 39.676822;
    o.sat_per_ph_day = 41522.3757;
    latest.stale_reason = "the newest observation is 3 h 0 min old";
    const std::string text = latest_text(latest, kMidnight + 3 * domain::kHour);
    EXPECT_THAT(text, HasSubstr("39.68 USD/PH/day  (41,522 sat)\n"));
    EXPECT_THAT(text, HasSubstr("2025-11-16T00:00:00Z, 3 h"));
    EXPECT_THAT(text, HasSubstr("95555.28 from coinbase, kraken\n"));
    // METHOD: 152271405447597.38
    EXPECT_THAT(text, HasSubstr("152,271,405,447,597 at height 923,800\n"));
    EXPECT_THAT(text, HasSubstr("312,500,000 sat subsidy + 1,806,451 sat mean fees\n"));
    EXPECT_THAT(text, HasSubstr("stale        the newest observation is 3 h 0 min old\n"));
    EXPECT_THAT(text, Not(HasSubstr("degraded")));
}

}  // namespace
}  // namespace hashprice::service::cli
