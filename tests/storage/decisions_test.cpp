// What is refused, forgotten and handed over: each of it told to the operator.
#include "storage/conditions.hpp"
#include "storage/quarantine.hpp"
#include "storage/role_changes.hpp"
#include "storage/upkeep.hpp"
#include "tests/storage/fixture.hpp"

namespace hashprice::storage {
namespace {

using domain::Errc;
using domain::kHour;
using domain::Range;
using testing::ElementsAre;
using testing::HasSubstr;

class QuarantineOf : public Stored {
protected:
    void refuse(const std::string& kind, const std::string& payload,
                const std::string& source = "mempool") {
        FactBatch facts = batch(source);
        facts.refused.push_back({kind, "because", payload});
        record(facts);
    }
    std::vector<Quarantined> all(const std::string& state = "") {
        return quarantined(db, state, 1000).value();
    }
};

TEST_F(QuarantineOf, ARefusalIsReadBackAsItWasNoted) {
    refuse("block", R"({"height":923800,"time_s":1763251200,"bits":0})");

    ASSERT_EQ(all().size(), 1U);
    const Quarantined q = all().front();
    EXPECT_EQ(q.source, "mempool");
    EXPECT_EQ(q.kind, "block");
    EXPECT_EQ(q.reason, "because");
    EXPECT_EQ(q.received_at, kFetched);
    EXPECT_EQ(q.state, "pending");
    EXPECT_EQ(q.decided_at, std::nullopt);
    EXPECT_EQ(q.height, kHeight);
    EXPECT_EQ(q.time, kMidnight);
}

TEST_F(QuarantineOf, WhatItSpeaksAboutIsReadFromEachKindOfFactAndFromNoAnswer) {
    refuse("fee_mean", R"({"end_s":1763251200,"tip_height":923800})");
    refuse("epoch", R"({"start_height":923328,"start_time_s":1763251201})");
    refuse("price", R"({"time_s":"soon","height":1.5})");
    refuse("body", R"({"height":923800,"time_s":1763251200})");
    refuse("block", "<html>");

    const auto five = all();

    ASSERT_EQ(five.size(), 5U);
    EXPECT_EQ(five[4].height, kHeight);
    EXPECT_EQ(five[4].time, kMidnight);
    EXPECT_EQ(five[3].height, 923328);
    EXPECT_EQ(five[3].time, kMidnight + seconds{1});
    for (std::size_t n = 0; n < 3; ++n) {
        EXPECT_EQ(five[n].height, std::nullopt) << five[n].payload;
        EXPECT_EQ(five[n].time, std::nullopt) << five[n].payload;
    }
    EXPECT_EQ(five[0].payload, "<html>");
    EXPECT_EQ(quarantined(db, "", 2)->size(), 2U);
    EXPECT_EQ(quarantined(db, "", 2)->at(0).id, five[0].id) << "the newest";
    EXPECT_EQ(all("released").size(), 0U);
}

TEST_F(QuarantineOf, WhatIsReleasedIsInUseAndWhatIsRejectedIsNot) {
    refuse("price", R"({"time_s":1763251200,"span_s":0,"price_micro_usd":95500000000})");
    refuse("price", R"({"time_s":1763251260,"span_s":0,"price_micro_usd":95600000000})");
    const UtcSeconds now = kFetched + kHour;

    const auto released = release(db, all()[1].id, now);
    const auto rejected = reject(db, all()[0].id, now);

    ASSERT_TRUE(released) << released.error().what;
    ASSERT_TRUE(rejected) << rejected.error().what;
    const auto prices = prices_between(db, kMidnight - kHour, kMidnight + kHour).value();
    ASSERT_EQ(prices.size(), 1U);
    EXPECT_EQ(prices[0].fact, (Price{kMidnight, seconds{0}, MicroUsd{95'500'000'000}}));
    EXPECT_EQ(all("released").at(0).decided_at, now);
    EXPECT_EQ(all("rejected").at(0).decided_at, now);
    for (const Quarantined& decided : all()) {
        EXPECT_EQ(release(db, decided.id, now).error().code, Errc::usage);
        EXPECT_EQ(reject(db, decided.id, now).error().code, Errc::usage);
    }
}

TEST_F(QuarantineOf, ANumberThatIsNotThereIsNotFound) {
    const auto released = release(db, 7, kFetched);
    const auto rejected = reject(db, 7, kFetched);
    ASSERT_FALSE(released);
    ASSERT_FALSE(rejected);
    EXPECT_EQ(released.error().code, Errc::not_found);
    EXPECT_EQ(rejected.error().code, Errc::not_found);
    EXPECT_THAT(released.error().what, HasSubstr("number 7"));
}

TEST_F(QuarantineOf, OfASourceThatAnswersNonsenseAllDayAHundredAnswersAreKept) {
    for (int n = 0; n < 103; ++n) refuse("body", "<html>" + std::to_string(n));
    EXPECT_EQ(all().size(), 100U);
    EXPECT_EQ(all().front().payload, "<html>99") << "the first hundred";

    refuse("body", "<html>", "esplora");
    refuse("block", "{}");
    EXPECT_EQ(all().size(), 102U) << "another source and facts are counted by themselves";

    ASSERT_TRUE(reject(db, all().back().id, kFetched));
    refuse("body", "<html>again");
    EXPECT_EQ(all().size(), 103U) << "room again after a decision";
}

class Told : public Stored {};

TEST_F(Told, ARoleIsNotedWhenItsHolderChangesAndMayBeNobodys) {
    const RoleChange mempool{"chain", "mempool", "the first that answers", kMidnight};
    const RoleChange nobody{"chain", "", "none answers", kMidnight + kHour};
    EXPECT_TRUE(note_role(db, mempool).value());
    EXPECT_FALSE(note_role(db, {"chain", "mempool", "still", kMidnight + kHour}).value());
    EXPECT_TRUE(note_role(db, nobody).value());
    EXPECT_FALSE(note_role(db, nobody).value());

    const auto now = roles(db).value();
    ASSERT_EQ(now.size(), 1U);
    EXPECT_EQ(now[0].role, "chain");
    EXPECT_EQ(now[0].source, "");
    EXPECT_EQ(now[0].reason, "none answers");
    EXPECT_EQ(now[0].at, kMidnight + kHour);
    const auto changes = role_changes(db, 9).value();
    ASSERT_EQ(changes.size(), 2U);
    EXPECT_EQ(changes[1].source, "mempool");
    EXPECT_EQ(changes[1].reason, "the first that answers");
    EXPECT_EQ(changes[1].at, kMidnight);
    EXPECT_EQ(changes[1].role, "chain");
    EXPECT_EQ(role_changes(db, 1)->size(), 1U);
}

TEST_F(Told, ABadConditionIsReadBackAsItWasNoted) {
    ASSERT_TRUE(note_condition(db, {"source", "kraken", false, "no answer", kMidnight}));
    ASSERT_TRUE(note_condition(db, {"source", "gemini", true, "", kMidnight}));

    const auto bad = bad_conditions(db).value();

    ASSERT_EQ(bad.size(), 1U);
    EXPECT_EQ(bad[0].kind, "source");
    EXPECT_EQ(bad[0].subject, "kraken");
    EXPECT_FALSE(bad[0].good);
    EXPECT_EQ(bad[0].reason, "no answer");
    EXPECT_EQ(bad[0].since, kMidnight);
}

class Upkeep : public Stored {
protected:
    Upkeep() {
        std::vector<Price> ticks;
        ticks.reserve(6);
        for (int minute = 0; minute < 5; ++minute)
            ticks.push_back(tick(kMidnight + minute * seconds{60}, 95'000 + minute));
        ticks.push_back({kMidnight, kHour, MicroUsd{95'500'000'000}});
        record(prices(ticks));
    }
    std::int64_t forget(int before_minute, std::int64_t most = 10'000) {
        const auto gone =
            forget_ticks(db, {kMidnight + before_minute * seconds{60}, most, seconds{300}});
        EXPECT_TRUE(gone) << gone.error().what;
        return gone.value_or(-1);
    }
    Range frozen_now() { return frozen(db).value().value(); }
};

TEST_F(Upkeep, TheTimeThatForgottenPricesSpokeForIsFrozen) {
    EXPECT_FALSE(frozen(db).value()) << "nothing is forgotten yet";
    EXPECT_EQ(forget(0), 0);
    EXPECT_FALSE(frozen(db).value());

    EXPECT_EQ(forget(2), 2);

    EXPECT_EQ(frozen_now().from, kMidnight - seconds{1});
    EXPECT_EQ(frozen_now().to, kMidnight + seconds{60 + 300});
    EXPECT_EQ(count("prices"), 4) << "three ticks and the candle";
}

TEST_F(Upkeep, WhatIsForgottenLaterIsFrozenTogetherWithWhatWasBefore) {
    EXPECT_EQ(forget(5, 2), 2);
    EXPECT_EQ(forget(5, 2), 2);
    EXPECT_EQ(forget(5, 2), 1);
    EXPECT_EQ(forget(5, 2), 0);

    EXPECT_EQ(frozen_now().from, kMidnight - seconds{1});
    EXPECT_EQ(frozen_now().to, kMidnight + seconds{240 + 300});
    EXPECT_EQ(ask("SELECT COUNT(*) FROM prices WHERE span_s = 0"), "0");
    EXPECT_EQ(count("prices"), 1) << "candles stay";
}

TEST_F(Upkeep, HalfOfWhatIsRememberedOfAFrozenTimeIsNone) {
    ASSERT_TRUE(set_meta(db, "ticks_forgotten_from_s", "1763251200"));
    EXPECT_FALSE(frozen(db).value());
    ASSERT_TRUE(set_meta(db, "ticks_forgotten_from_s", ""));
    ASSERT_TRUE(set_meta(db, "ticks_forgotten_to_s", "1763251200"));
    EXPECT_FALSE(frozen(db).value());
}

TEST_F(Upkeep, CompactingAsksForRoomForTheFileTwiceMore) {
    // sqlite.org/lang_vacuum.html: "as much as twice the size of the original database file"
    EXPECT_EQ(room_to_compact(4096), 8192U);
    EXPECT_EQ(room_to_compact(std::int64_t{3} << 40), std::uint64_t{6} << 40U);
}

}  // namespace
}  // namespace hashprice::storage
