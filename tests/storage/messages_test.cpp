// Every field of messages, deliveries and receivers comes back as it was given.
#include "storage/deliveries.hpp"
#include "tests/storage/fixture.hpp"

namespace hashprice::storage {
namespace {

using domain::kDay;
using domain::kHour;
using domain::Range;
using domain::Severity;
using testing::ElementsAre;

const auto kAll = [](const Message&) { return true; };

/// No two fields alike.
Message decline(const std::string& event = "decline-1:active") {
    return {.event = event,
            .kind = "episode",
            .subject = "decline-1",
            .rule = "sustained-decline",
            .change = "active",
            .severity = Severity::warning,
            .goes_out = true,
            .at = kMidnight,
            .recorded_at = kFetched,
            .sentence = "Hash price has fallen by a fifth.",
            .body = R"({"depth":0.2})"};
}

auto fields_of(const Message& m) {
    return std::tuple(m.event, m.kind, m.subject, m.rule, m.change, m.severity, m.goes_out, m.at,
                      m.recorded_at, m.sentence, m.body);
}

class Messages : public Stored {
protected:
    std::int64_t add(const Message& m) {
        const auto id = add_message(db, m);
        EXPECT_TRUE(id) << id.error().what;
        return id.value_or(0);
    }
    std::vector<std::string> events_between(UtcSeconds from, UtcSeconds to,
                                            const std::string& kind = "") {
        std::vector<std::string> events;
        const auto found = messages_between(db, {from, to}, kind).value();
        events.reserve(found.size());
        for (const Message& m : found) events.push_back(m.event);
        return events;
    }
    /// Registers the receiver, then queues this for it.
    Delivery queued(const std::string& receiver, const Message& m) {
        EXPECT_TRUE(register_receiver(db, receiver));
        add(m);
        EXPECT_EQ(hand_out(db, receiver, kAll, kFetched).value_or(-1), 1);
        return next_delivery(db, receiver).value().value();
    }
    ReceiverState state(const std::string& name) {
        const auto all = receivers(db).value();
        for (const ReceiverState& one : all)
            if (one.name == name) return one;
        ADD_FAILURE() << name << " is not known";
        return {};
    }
};

TEST_F(Messages, AreReadBackFieldByFieldHoweverTheyAreAskedFor) {
    ASSERT_TRUE(register_receiver(db, "hook"));
    const std::int64_t id = add(decline());
    ASSERT_EQ(hand_out(db, "hook", kAll, kFetched).value_or(-1), 1);

    const auto all = messages_between(db, {kMidnight, kMidnight + seconds{1}}, "").value();
    const auto newest = newest_told(db, "episode", "decline-1").value();
    const auto next = next_delivery(db, "hook").value();
    ASSERT_EQ(all.size(), 1U);
    ASSERT_TRUE(newest && next);
    for (const Message& m : {all.front(), *newest, next->message}) {
        EXPECT_EQ(m.id, id);
        EXPECT_EQ(fields_of(m), fields_of(decline()));
    }
}

TEST_F(Messages, OneThatGoesNowhereIsReadBackAsSuchAndIsNotTheNewestThatWasTold) {
    const std::int64_t told = add(decline());
    Message silent = decline("decline-1:escalated");
    silent.goes_out = false;
    add(silent);
    Message of_another = decline("decline-2:active");
    of_another.subject = "decline-2";
    add(of_another);

    EXPECT_EQ(newest_told(db, "episode", "decline-1").value()->id, told);
    EXPECT_EQ(newest_told(db, "fleet", "decline-1").value(), std::nullopt);
    EXPECT_EQ(newest_told(db, "episode", "decline-3").value(), std::nullopt);
    const auto all = messages_between(db, {kMidnight, kMidnight + kDay}, "").value();
    ASSERT_EQ(all.size(), 3U);
    EXPECT_TRUE(all[0].goes_out);
    EXPECT_FALSE(all[1].goes_out);
}

TEST_F(Messages, ARangeHoldsItsStartAndLeavesOutItsEndAndAKindOnlyItsOwn) {
    Message early = decline("early");
    early.at = kMidnight - seconds{1};
    add(early);
    add(decline("first"));
    Message source = decline("down");
    source.kind = "source";
    source.at = kMidnight + kHour;
    add(source);

    EXPECT_THAT(events_between(kMidnight, kMidnight + kHour), ElementsAre("first"));
    EXPECT_THAT(events_between(kMidnight, kMidnight + kHour + seconds{1}),
                ElementsAre("first", "down"));
    EXPECT_THAT(events_between(kMidnight - kDay, kMidnight + kDay, "source"), ElementsAre("down"));
}

TEST_F(Messages, OnlyWhatAReceiverWantsIsQueuedAndNothingForOneThatIsNotKnown) {
    ASSERT_TRUE(register_receiver(db, "hook"));
    add(decline("one"));
    add(decline("two"));
    add(decline("three"));
    const auto two = [](const Message& m) { return m.event == "two"; };

    EXPECT_EQ(hand_out(db, "hook", two, kFetched).value_or(-1), 1);
    EXPECT_EQ(hand_out(db, "nobody", kAll, kFetched).value_or(-1), 0);
    const auto version = db.data_version().value();
    EXPECT_EQ(hand_out(db, "hook", kAll, kFetched).value_or(-1), 0);
    EXPECT_EQ(db.data_version().value(), version) << "nothing has happened, nothing is written";

    EXPECT_EQ(next_delivery(db, "hook").value()->message.event, "two");
    EXPECT_EQ(count("deliveries"), 1);
}

TEST_F(Messages, ADeliveryIsReadBackFieldByField) {
    const Delivery fresh = queued("hook", decline());
    EXPECT_EQ(fresh.receiver, "hook");
    EXPECT_EQ(fresh.state, "pending");
    EXPECT_FALSE(fresh.replay);
    EXPECT_EQ(fresh.queued_at, kFetched);
    EXPECT_EQ(fresh.attempts, 0);
    EXPECT_EQ(fresh.next_try, kFetched) << "at once";
    EXPECT_EQ(fresh.last_error, "");

    const UtcSeconds next = kFetched + kHour;
    ASSERT_TRUE(not_delivered(db, fresh, {"it answered 500", next}));
    ASSERT_TRUE(not_delivered(db, fresh, {"it answered 400", next + kHour, true}));

    ASSERT_EQ(deliveries(db)->size(), 1U);
    const Delivery dead = deliveries(db)->front();
    EXPECT_EQ(dead.id, fresh.id);
    EXPECT_EQ(dead.state, "dead");
    EXPECT_EQ(dead.attempts, 2);
    EXPECT_EQ(dead.queued_at, kFetched);
    EXPECT_EQ(dead.next_try, next + kHour);
    EXPECT_EQ(dead.last_error, "it answered 400");
    EXPECT_EQ(dead.message.id, fresh.message.id);
    EXPECT_FALSE(next_delivery(db, "hook").value());

    ASSERT_TRUE(try_again(db, dead.id, kFetched + kDay));
    const Delivery again = next_delivery(db, "hook").value().value();
    EXPECT_EQ(again.state, "pending");
    EXPECT_EQ(again.queued_at, kFetched + kDay);
    EXPECT_EQ(again.next_try, kFetched + kDay);
    EXPECT_EQ(try_again(db, dead.id + 1, kFetched).error().code, domain::Errc::not_found);
}

TEST_F(Messages, WhatSomebodyAskedForAgainSaysSo) {
    ASSERT_TRUE(register_receiver(db, "hook"));
    ASSERT_TRUE(queue(db, "hook", add(decline()), true, kFetched));
    EXPECT_TRUE(next_delivery(db, "hook").value()->replay);
}

TEST_F(Messages, AReceiverWasToldOfADeclineWhenItGotItOrWhenItWasGivenUp) {
    EXPECT_EQ(told_at(db, "hook", "decline-1").value(), std::nullopt);
    Delivery d = queued("hook", decline());
    ASSERT_TRUE(not_delivered(db, d, {"timeout", kFetched + kHour}));
    EXPECT_EQ(told_at(db, "hook", "decline-1").value(), std::nullopt) << "it is tried again";
    ASSERT_TRUE(not_delivered(db, d, {"it answered 400", kFetched + 2 * kHour, true}));
    EXPECT_EQ(told_at(db, "hook", "decline-1").value(), kFetched + 2 * kHour);

    d = queued("hook", decline("decline-1:escalated"));
    ASSERT_TRUE(delivered(db, d, kFetched + 3 * kHour));
    EXPECT_EQ(told_at(db, "hook", "decline-1").value(), kFetched + 3 * kHour);
    EXPECT_EQ(told_at(db, "mail", "decline-1").value(), std::nullopt);

    Message down = decline("kraken:down");
    down.kind = "source";
    down.subject = "kraken";
    d = queued("mail", down);
    ASSERT_TRUE(not_delivered(db, d, {"it answered 400", kFetched, true}));
    ASSERT_TRUE(delivered(db, d, kFetched));
    EXPECT_EQ(told_at(db, "mail", "kraken").value(), std::nullopt) << "only declines are repeated";
}

TEST_F(Messages, AReceiversStateCountsWhatWentWellWhatFailedWhatWaitsAndWhatIsDead) {
    const Delivery dead = queued("hook", decline("one"));
    ASSERT_TRUE(not_delivered(db, dead, {"it answered 400", kFetched, true}));
    const Delivery sent = queued("hook", decline("two"));
    ASSERT_TRUE(delivered(db, sent, kFetched + kHour));
    queued("hook", decline("three"));
    add(decline("four"));
    add(decline("five"));
    ASSERT_EQ(hand_out(db, "hook", kAll, kFetched + kDay).value_or(-1), 2);
    ASSERT_TRUE(register_receiver(db, "other"));

    const ReceiverState hook = state("hook");
    EXPECT_EQ(hook.delivered, 1);
    EXPECT_EQ(hook.failed, 1);
    EXPECT_EQ(hook.last_success, kFetched + kHour);
    EXPECT_EQ(hook.last_error, "") << "the last attempt was received";
    EXPECT_EQ(hook.pending, 3);
    EXPECT_EQ(hook.dead, 1);
    EXPECT_EQ(hook.oldest_pending, kFetched);
    const ReceiverState other = state("other");
    EXPECT_EQ(other.last_success, std::nullopt);
    EXPECT_EQ(other.oldest_pending, std::nullopt);
    EXPECT_EQ(other.pending + other.dead + other.delivered + other.failed, 0);
}

TEST_F(Messages, AnAttemptAboutNoDeliveryIsNotedWhenItsOutcomeIsAnother) {
    ASSERT_TRUE(register_receiver(db, "am"));
    ASSERT_TRUE(note_receiver(db, "am", "", kFetched));
    EXPECT_EQ(state("am").last_success, std::nullopt) << "nothing had failed";
    ASSERT_TRUE(note_receiver(db, "am", "timeout", kFetched));
    ASSERT_TRUE(note_receiver(db, "am", "timeout", kFetched));
    EXPECT_EQ(state("am").failed, 1);
    EXPECT_EQ(state("am").last_error, "timeout");
    ASSERT_TRUE(note_receiver(db, "am", "", kFetched + kHour));
    EXPECT_EQ(state("am").last_error, "");
    EXPECT_EQ(state("am").last_success, kFetched + kHour);
}

TEST_F(Messages, OfAReceiverThatIsLeftOutWhatIsDeadIsKeptBesideWhatWaits) {
    const Delivery dead = queued("hook", decline("one"));
    ASSERT_TRUE(not_delivered(db, dead, {"it answered 400", kFetched, true}));
    queued("hook", decline("two"));
    ASSERT_TRUE(register_receiver(db, "idle"));

    ASSERT_TRUE(register_receivers(db, {"new"}));

    EXPECT_EQ(count("deliveries"), 2);
    EXPECT_EQ(receivers(db)->size(), 2U) << "hook and new; nothing waits for idle";
    EXPECT_EQ(state("hook").pending + state("hook").dead, 2);
}

TEST_F(Messages, AForgottenReceiverLeavesNothingBehind) {
    ASSERT_TRUE(delivered(db, queued("hook", decline("one")), kFetched));
    queued("hook", decline("two"));
    ASSERT_TRUE(forget_receiver(db, "hook"));
    for (const char* table : {"receivers", "deliveries", "told"}) EXPECT_EQ(count(table), 0);
    EXPECT_EQ(count("messages"), 2);
}

TEST_F(Messages, WhatIsForgottenIsCountedDeadDeliveriesAndOldTalkTogether) {
    for (const char* event : {"one", "two"}) {
        const Delivery d = queued("hook", decline(event));
        ASSERT_TRUE(not_delivered(db, d, {"it answered 400", kFetched, true}));
    }
    Message reminder = decline("three");
    reminder.change = "reminder";
    add(reminder);
    add(decline("newest"));

    EXPECT_EQ(forget_messages(db, kFetched).value_or(-1), 0) << "nothing is older";
    EXPECT_EQ(forget_messages(db, kFetched + seconds{1}).value_or(-1), 3);
    EXPECT_EQ(count("deliveries"), 0);
    EXPECT_THAT(events_between(kMidnight, kMidnight + kDay), ElementsAre("one", "two", "newest"));
}

}  // namespace
}  // namespace hashprice::storage
