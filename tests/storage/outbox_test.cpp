// Messages, and what waits for whom.
#include "storage/conditions.hpp"
#include "storage/deliveries.hpp"
#include "tests/storage/fixture.hpp"

namespace hashprice::storage {
namespace {

using domain::Severity;
using testing::ElementsAre;
using testing::HasSubstr;

const auto kAll = [](const Message&) { return true; };

class Outbox : public Stored {
protected:
    std::int64_t add(const std::string& event, bool goes_out = true,
                     const std::string& kind = "episode") {
        const auto id = add_message(db, {.event = event,
                                         .kind = kind,
                                         .subject = "x",
                                         .change = "active",
                                         .severity = Severity::notice,
                                         .goes_out = goes_out,
                                         .at = kMidnight,
                                         .recorded_at = kFetched,
                                         .sentence = "s",
                                         .body = "{}"});
        EXPECT_TRUE(id) << id.error().what;
        return id.value_or(0);
    }
    void know(const std::string& receiver) { ASSERT_TRUE(register_receiver(db, receiver)); }
    std::int64_t hand(const std::string& receiver) {
        return hand_out(db, receiver, kAll, kFetched).value_or(-1);
    }
    std::string next(const std::string& receiver) {
        const auto delivery = next_delivery(db, receiver);
        EXPECT_TRUE(delivery);
        return *delivery ? (*delivery)->message.event : "";
    }
    std::vector<std::string> waiting() {
        std::vector<std::string> events;
        const auto all = deliveries(db);
        for (const Delivery& d : *all) events.push_back(d.receiver + " " + d.message.event);
        return events;
    }
};

TEST_F(Outbox, AReceiverIsToldWhatHappensAfterItIsKnownAndNothingTwice) {
    add("before");
    know("hook");
    add("first");
    add("silent", false);
    add("second");

    EXPECT_EQ(hand("hook"), 2);
    EXPECT_EQ(hand("hook"), 0);

    EXPECT_THAT(waiting(), ElementsAre("hook first", "hook second"));
}

TEST_F(Outbox, OneReceiverThatStandsStillHoldsUpNoOther) {
    know("down");
    know("well");
    add("first");
    hand("down");
    hand("well");
    const auto one = *next_delivery(db, "down");
    ASSERT_TRUE(not_delivered(db, *one, {"it answered 500", kFetched + seconds{60}}));
    const Delivery waits = deliveries(db)->front();
    EXPECT_EQ(waits.queued_at, kFetched);
    EXPECT_EQ(waits.attempts, 1);
    EXPECT_EQ(waits.next_try, kFetched + seconds{60});
    EXPECT_EQ(waits.last_error, "it answered 500");
    ASSERT_TRUE(delivered(db, **next_delivery(db, "well"), kFetched));

    add("second");
    hand("down");
    hand("well");

    EXPECT_EQ(next("down"), "first");
    EXPECT_EQ(next("well"), "second");
    const auto states = receivers(db);
    ASSERT_EQ(states->size(), 2U);
    EXPECT_EQ((*states)[0].pending, 2);
    EXPECT_EQ((*states)[0].last_error, "it answered 500");
    EXPECT_EQ((*states)[1].delivered, 1);
    EXPECT_EQ((*states)[1].last_error, "");
}

TEST_F(Outbox, WhatIsGivenUpLetsTheNextPassAndCanBeTriedAgain) {
    know("hook");
    add("first");
    add("second");
    hand("hook");
    const auto one = *next_delivery(db, "hook");

    ASSERT_TRUE(not_delivered(db, *one, {"it answered 400", kFetched, true}));
    EXPECT_EQ(next("hook"), "second");
    EXPECT_EQ(receivers(db)->front().dead, 1);

    ASSERT_TRUE(try_again(db, one->id, kFetched));
    EXPECT_EQ(next("hook"), "first");
    ASSERT_TRUE(drop(db, one->id));
    EXPECT_EQ(next("hook"), "second");
    const auto unknown = drop(db, 4711);
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().code, domain::Errc::not_found);
    EXPECT_THAT(unknown.error().what, HasSubstr("outbox list"));
}

TEST_F(Outbox, AReceiverThatWasLeftOutForAWhileIsNotToldWhatHappenedMeanwhile) {
    const auto known = [&](const std::vector<std::string>& names) {
        ASSERT_TRUE(in_transaction(db, [&] { return register_receivers(db, names); }));
    };
    known({"a", "b"});
    add("first");
    hand("a");
    known({"b"});
    add("meanwhile");
    known({"a", "b"});
    add("later");
    hand("a");
    hand("b");

    EXPECT_THAT(waiting(), ElementsAre("a first", "a later", "b first", "b meanwhile", "b later"));

    known({"a"});
    known({});
    EXPECT_EQ(receivers(db)->size(), 2U);  // what waits for them is kept
}

TEST_F(Outbox, AnEventThatComesAgainHasANameOfItsOwn) {
    EXPECT_EQ(*free_event(db, "a:active:2025-09-24"), "a:active:2025-09-24");
    add("a:active:2025-09-24");
    EXPECT_EQ(*free_event(db, "a:active:2025-09-24"), "a:active:2025-09-24:2");
    add("a:active:2025-09-24:2");
    EXPECT_EQ(*free_event(db, "a:active:2025-09-24"), "a:active:2025-09-24:3");
    EXPECT_EQ(*free_event(db, "a:active:2025-09-2"), "a:active:2025-09-2");
}

TEST_F(Outbox, TheSameEventIsNotStoredTwice) {
    add("a");
    EXPECT_FALSE(add_message(db, {.event = "a", .kind = "episode", .body = "{}"}));
}

TEST_F(Outbox, OldTalkOfSourcesIsForgottenDeclinesAreNot) {
    know("hook");
    add("waits", true, "source");
    hand("hook");
    add("source", true, "source");
    add("decline");
    add("newest", true, "source");

    EXPECT_EQ(forget_messages(db, kFetched + seconds{1}), 1);

    EXPECT_EQ(ask("SELECT group_concat(event, ' ') FROM (SELECT event FROM messages ORDER BY id)"),
              "waits decline newest");
}

TEST_F(Outbox, AConditionIsNewsWhenItTurnsAndAtFirstOnlyIfItIsBad) {
    const auto noted = [&](const std::string& subject, bool good) {
        return *note_condition(db, {"source", subject, good, good ? "" : "timeout", kFetched});
    };
    EXPECT_FALSE(noted("kraken", true));
    EXPECT_FALSE(noted("kraken", true));
    EXPECT_TRUE(noted("kraken", false));
    EXPECT_FALSE(noted("kraken", false));
    EXPECT_TRUE(noted("kraken", true));
    EXPECT_TRUE(noted("gemini", false));
    const auto bad = bad_conditions(db);
    ASSERT_EQ(bad->size(), 1U);
    EXPECT_EQ(bad->front().subject, "gemini");
    EXPECT_EQ(bad->front().reason, "timeout");
}

}  // namespace
}  // namespace hashprice::storage
