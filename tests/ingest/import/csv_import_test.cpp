#include "tests/ingest/import/fixture.hpp"

// What each kind of file holds, and every value that is refused.
namespace hashprice::ingest {
namespace {

using domain::Bits;
using domain::FeeWindow;
using domain::kDay;
using domain::kHour;
using domain::MicroUsd;
using domain::Satoshi;
using domain::seconds;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// block 905146, the last of 2025-07-11 (Bitcoin chain)
constexpr const char* kHash = "00000000000000000000e0f3b2c9d5a4f6a1b8c7d2e3f405162738495a6b7c8d";

TEST(Import, Blocks) {
    const auto imported = import(std::string("height,time_s,bits_hex,fee_sat,hash\n"
                                             "905145,1752277000,0x17025a63,3000000,\n"
                                             "905146,1752278000,17025a63,,") +
                                 kHash + "\n");
    ASSERT_TRUE(imported.status) << imported.status.error().what;
    ASSERT_EQ(imported.facts.blocks.size(), 2U);
    const domain::Block& first = imported.facts.blocks[0];
    EXPECT_EQ(first.height, 905145);
    EXPECT_EQ(first.time, utc(1752277000));
    EXPECT_EQ(first.bits, Bits{0x17025a63});
    EXPECT_EQ(first.fees, Satoshi{3'000'000});
    EXPECT_FALSE(first.hash);
    const domain::Block& second = imported.facts.blocks[1];
    EXPECT_FALSE(second.fees) << "empty is not known, not 0";
    EXPECT_EQ(second.hash, *domain::parse_hash(kHash));
    EXPECT_EQ(imported.facts.source, "import");
    EXPECT_EQ(imported.facts.fetched_at, kNow);
}

TEST(Import, Epochs) {
    const auto imported = import("start_height,start_time_s,bits\n923328,1762970000,385997110\n");
    ASSERT_TRUE(imported.status) << imported.status.error().what;
    ASSERT_EQ(imported.facts.epochs.size(), 1U);
    EXPECT_EQ(imported.facts.epochs[0], (domain::Epoch{923328, utc(1762970000), Bits{0x1701d936}}));
}

TEST(Import, FeeMeans) {
    const auto imported = import(
        "end_time_s,fee_sat_sum,blocks,tip_height,fee_window\n"
        "1763251200,260128982,144,923800,\n"
        "1763251200,250000000,138,923800,utc_day\n");
    ASSERT_TRUE(imported.status) << imported.status.error().what;
    ASSERT_EQ(imported.facts.fee_means.size(), 2U);
    EXPECT_EQ(imported.facts.fee_means[0], (domain::FeeMean{utc(1763251200), FeeWindow::blocks_144,
                                                            Satoshi{260128982}, 144, 923800}));
    EXPECT_EQ(imported.facts.fee_means[1].window, FeeWindow::utc_day);
}

TEST(Import, DailyClosesAreAsOf24HoursAndMayBringTheirFees) {
    const auto imported = import(
        "date,close_usd,fee_sat_sum_144,tip_height\n"
        "2025-11-15,95555.28,260128982,923800\n"
        "2025-11-16,94177.07,,\n");
    ASSERT_TRUE(imported.status) << imported.status.error().what;
    ASSERT_EQ(imported.facts.prices.size(), 2U);
    EXPECT_EQ(imported.facts.prices[0],
              (domain::Price{utc(1763251200), kDay, MicroUsd{95'555'280'000}}));
    ASSERT_EQ(imported.facts.fee_means.size(), 1U);
    EXPECT_EQ(imported.facts.fee_means[0].end, utc(1763251200));
    EXPECT_EQ(imported.facts.fee_means[0].blocks, 144);
}

TEST(Import, CandlesAreKnownAtTheirEnd) {
    ImportOptions hourly = options();
    hourly.span = kHour;
    hourly.source = "coinbase";
    const auto imported = import("start_time_s,close_usd\n1763251200,95000.5\n", hourly);
    ASSERT_TRUE(imported.status) << imported.status.error().what;
    EXPECT_EQ(imported.facts.prices.at(0),
              (domain::Price{utc(1763254800), kHour, MicroUsd{95'000'500'000}}));
    EXPECT_EQ(imported.facts.source, "coinbase");
    // a column says it better than the option
    EXPECT_EQ(import("start_time_s,close_usd,span_s\n1763251200,95000.5,60\n", hourly)
                  .facts.prices.at(0)
                  .span,
              seconds{60});
}

TEST(Import, PricesAreTicksUnlessTheySaySpan) {
    const auto imported =
        import("time_s,price_usd,span_s\n1763251215,95561.2,\n1763251200,95555.28,86400\n");
    ASSERT_TRUE(imported.status) << imported.status.error().what;
    ASSERT_EQ(imported.facts.prices.size(), 2U);
    EXPECT_EQ(imported.facts.prices[0].span, seconds{0});
    EXPECT_EQ(imported.facts.prices[1].span, kDay);
}

TEST(Import, EveryValueThatCannotBeIsRefusedWithFileLineAndColumn) {
    struct Case {
        const char* header;
        const char* line;
        const char* says;
    };
    const char* blocks = "height,time_s,bits_hex,fee_sat,hash";
    const char* epochs = "start_height,start_time_s,bits";
    const char* means = "end_time_s,fee_sat_sum,blocks,tip_height,fee_window";
    const char* days = "date,close_usd,fee_sat_sum_144,tip_height";
    const char* candles = "start_time_s,close_usd,span_s";
    const char* prices = "time_s,price_usd,span_s";
    const std::vector<Case> cases{
        {blocks, "-1,1752277000,17025a63,1,", "height '-1'"},
        {blocks, "905145.0,1752277000,17025a63,1,", "height '905145.0'"},
        {blocks, ",1752277000,17025a63,1,", "height ''"},
        {blocks, "0x10,1752277000,17025a63,1,", "height '0x10'"},
        {blocks, "99999999999999999999,1752277000,17025a63,1,", "height '99999999999999999999'"},
        {blocks, "905145,1752277000000,17025a63,1,", "time_s '1752277000000'"},  // milliseconds
        {blocks, "905145,1000000000,17025a63,1,", "time_s '1000000000'"},        // before Bitcoin
        {blocks, "905145,1795000000,17025a63,1,", "is in the future"},
        {blocks, "905145,1752277000,1e025a63,1,", "bits"},  // easier than difficulty 1
        {blocks, "905145,1752277000,17zz,1,", "bits_hex '17zz'"},
        {blocks, "905145,1752277000,17025a63,-1,", "fee_sat '-1'"},
        {blocks, "905145,1752277000,17025a63,0.03,", "fee_sat '0.03'"},
        {blocks, "905145,1752277000,17025a63,2099999997690001,", "fee_sat '2099999997690001'"},
        {blocks, "905145,1752277000,17025a63,1,abcd", "hash 'abcd'"},
        {epochs, "923329,1762970000,385997110", "923329 is no multiple of 2016"},
        {epochs, "923328,1762970000,", "bits ''"},
        {epochs, "923328,1795000000,385997110", "is in the future"},
        {means, "1763251200,-5,144,923800,", "fee_sat_sum '-5'"},
        {means, "1763251200,5,0,923800,", "blocks '0'"},
        {means, "1763251200,5,144,,", "tip_height ''"},
        {means, "1763251200,5,144,923800,weekly", "fee_window 'weekly'"},
        {means, "1795000000,5,144,923800,", "is in the future"},
        {days, "2025-13-01,95000,,", "date '2025-13-01'"},
        {days, "15.11.2025,95000,,", "date '15.11.2025'"},
        {days, "2025-11-15T00:00:00Z,95000,,", "date '2025-11-15T00:00:00Z'"},
        {days, "2025-11-15,0,,", "close_usd '0'"},
        {days, "2025-11-15,-95000,,", "close_usd '-95000'"},
        {days, "2025-11-15,nan,,", "close_usd 'nan'"},
        {days, "2025-11-15,1e300,,", "close_usd '1e300'"},
        {days, "2025-11-15,,,", "close_usd ''"},
        {days, "2025-12-01,95000,,", "is in the future"},  // its close is on the next day
        {days, "2025-11-15,95000,260128982,", "tip_height ''"},
        {candles, "1763251201,95000,3600", "does not end at"},
        {candles, "1763251200,95000,0", "--span 1h"},
        {candles, "1763251200,95000,700000", "span_s '700000'"},
        {prices, "1763251215,95000,3600", "does not end at"},
        {prices, "1763251200,95000 USD,", "price_usd '95000 USD'"},
        {prices, "1764600001,95000,", "is in the future"},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(std::string(c.header) + " | " + c.line);
        const std::string said = refusal(std::string(c.header) + "\n" + c.line + "\n");
        EXPECT_THAT(said, StartsWith("facts.csv:2: "));
        EXPECT_THAT(said, HasSubstr(c.says));
    }
}

TEST(Import, NothingAfterABadLineIsReadAndItsOwnBatchIsNotHandedOn) {
    const auto imported = import("date,close_usd\n2025-11-14,1\n2025-11-15,x\n2025-11-16,1\n");
    ASSERT_FALSE(imported.status);
    EXPECT_THAT(imported.status.error().what, StartsWith("facts.csv:3: "));
    EXPECT_EQ(imported.batches, 0);
}

TEST(Import, AnErrorOfTheReceiverEndsIt) {
    std::istringstream in("date,close_usd\n2025-11-14,1\n");
    const auto status = import_csv(in, options(), [](const FactBatch&) -> domain::Status {
        return domain::fail(domain::Errc::database, "the disk is full");
    });
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().what, "the disk is full");
}

}  // namespace
}  // namespace hashprice::ingest
