#include "tests/ingest/truth/fixture.hpp"

namespace hashprice::ingest {
namespace {

using ::testing::HasSubstr;

void refuse(House& house, const std::string& kind, const std::string& payload) {
    FactBatch batch{.source = "mempool", .fetched_at = kNow};
    batch.refused.push_back({kind, "because", payload});
    house.take(batch);
}

TEST(Quarantine, AReleasedBlockTakesThePlaceOfTheOneItContradictsAndTheSeriesFollows) {
    House house;
    House told_at_once;
    Block believed = block(kHeight);
    believed.fees = Satoshi{5'000'000'000};
    std::vector<Block> right = blocks(kHeight - 200, kHeight + 10);
    right[200] = believed;
    for (House* h : {&house, &told_at_once}) {
        h->take_prices({hour_close(kMidnight + domain::kHour, 95'500)});
    }
    told_at_once.take_blocks(right);
    house.take_blocks(blocks(kHeight - 200, kHeight + 10), "esplora");
    house.take_blocks({believed});
    ASSERT_EQ(house.pending().size(), 1U);
    EXPECT_EQ(house.pending()[0].height, kHeight);
    EXPECT_EQ(house.pending()[0].time, kMidnight);

    const auto released = house.release(house.pending()[0].id);

    ASSERT_TRUE(released) << released.error().what;
    EXPECT_EQ(house.at(kHeight)->fact, believed);
    EXPECT_EQ(house.at(kHeight)->source, house.source("mempool"));
    ASSERT_EQ(house.observations().size(), 1U);
    EXPECT_EQ(house.observations()[0].usd_per_ph_day,
              told_at_once.observations()[0].usd_per_ph_day);
    EXPECT_EQ(house.observations()[0].fee_sum, told_at_once.observations()[0].fee_sum);
    EXPECT_TRUE(house.pending().empty());
    EXPECT_EQ(storage::quarantined(house.db, "released", 9)->size(), 1U);
}

TEST(Quarantine, AReleasedPriceReplacesALaterWordOfItsSource) {
    House house;
    const UtcSeconds end = kMidnight + domain::kHour;
    house.take_prices({hour_close(end, 90'000)}, "mempool");
    refuse(house, "price", R"({"time_s":1763254800,"span_s":3600,"price_micro_usd":95500000000})");

    ASSERT_TRUE(house.release(house.pending()[0].id));

    const auto stored = *storage::prices_between(house.db, utc(0), kNow);
    ASSERT_EQ(stored.size(), 1U);
    EXPECT_EQ(stored[0].fact, hour_close(end, 95'500));
}

TEST(Quarantine, WhatCannotBeAFactCannotBeReleasedAndSaysWhy) {
    struct Case {
        const char* kind;
        const char* payload;
        const char* why;
    };
    const std::vector<Case> cases{
        {"body", "<html>", "could not be read"},
        {"block", "<html>", "not the JSON"},
        {"block", "[1]", "not the JSON"},
        {"block", R"({"time_s":1763251200,"bits":386000182})", "height is missing"},
        {"block", R"({"height":923800,"time_s":1763251200,"bits":0})", "no valid target"},
        {"block", R"({"height":923800,"time_s":"noon","bits":386000182})", "time_s"},
        {"block", R"({"height":923800,"time_s":1763251200,"bits":386000182,"fee_sat":-1})",
         "fee_sat"},
        {"price", R"({"time_s":1763251200,"span_s":0,"price_micro_usd":0})", "price_micro_usd"},
        {"epoch", R"({"start_height":7,"start_time_s":1763251200,"bits":386000182})", "2016"},
        {"fee_mean",
         R"({"end_s":1763251200,"fee_window":"moon","fee_sat_sum":1,"blocks":144,)"
         R"("tip_height":923800})",
         "moon"},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.payload);
        House house;
        refuse(house, c.kind, c.payload);

        const auto released = house.release(house.pending().at(0).id);

        ASSERT_FALSE(released);
        EXPECT_THAT(released.error().what, HasSubstr(c.why));
        EXPECT_EQ(house.pending().size(), 1U) << "still undecided";
    }
}

TEST(Quarantine, ADecisionIsTakenOnceAndTheSameRefusalDoesNotComeBack) {
    House house;
    refuse(house, "body", "<html>");
    const std::int64_t id = house.pending()[0].id;

    ASSERT_TRUE(storage::reject(house.db, id, kNow));
    refuse(house, "body", "<html>");

    EXPECT_TRUE(house.pending().empty());
    const auto again = storage::reject(house.db, id, kNow);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, domain::Errc::usage);
    EXPECT_THAT(again.error().what, HasSubstr("rejected already"));
    EXPECT_EQ(storage::reject(house.db, id + 1, kNow).error().code, domain::Errc::not_found);
}

TEST(Quarantine, ASourceThatTalksNonsenseAllDayDoesNotFillTheDisk) {
    House house;
    for (int i = 0; i < 300; ++i) refuse(house, "body", "<html>" + std::to_string(i));
    EXPECT_EQ(storage::quarantined(house.db, "", 1'000)->size(), 100U);
}

TEST(Quarantine, APayloadOfAnyBytesIsListedAsItCame) {
    House house;
    const std::string bytes("{\"height\":1\0\xff\x1b[2J", 17);
    refuse(house, "block", bytes);
    ASSERT_EQ(house.pending().size(), 1U);
    EXPECT_EQ(house.pending()[0].payload, bytes);
    EXPECT_FALSE(house.pending()[0].height);
}

}  // namespace
}  // namespace hashprice::ingest
