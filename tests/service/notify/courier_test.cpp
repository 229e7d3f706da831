// A receiver gets every message, in order, however it behaves meanwhile.
#include "service/notify/courier.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "service/notify/webhook.hpp"
#include "tests/service/notify/fake_http.hpp"
#include "tests/support/process.hpp"
#include "tests/support/sim_clock.hpp"

namespace hashprice::service::notify {
namespace {

using domain::kDay;
using domain::Severity;
using storage::Access;
using storage::Database;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const UtcSeconds kStart = domain::utc(1'763'164'800);  // 2025-11-15T00:00:00Z

class CourierTest : public testing::Test {
protected:
    void SetUp() override {
        db = std::make_unique<Database>(*Database::open(dir.path() / "x.db", Access::write));
        options.name = "hook";
        options.database = dir.path() / "x.db";
        ASSERT_TRUE(storage::register_receiver(*db, "hook"));
        start();
    }
    void start() {
        courier.emplace(options, webhook, clock, [this](bool bad, const std::string& what) {
            said.push_back((bad ? "bad " : "good ") + what);
        });
    }
    void add(const std::string& event, Severity severity = Severity::warning,
             const std::string& kind = "episode", const std::string& rule = "sustained-decline") {
        ASSERT_TRUE(storage::add_message(*db, {.event = event,
                                               .kind = kind,
                                               .subject = "d",
                                               .rule = rule,
                                               .change = "active",
                                               .severity = severity,
                                               .at = clock.now(),
                                               .recorded_at = clock.now(),
                                               .sentence = "It falls.",
                                               .body = "{\"event_id\":\"" + event + "\"}"}));
    }
    void play(domain::seconds time) {
        const UtcSeconds end = clock.now() + time;
        while (clock.now() < end) clock.advance(courier->round({}));
    }
    std::vector<std::string> received() {
        std::vector<std::string> events;
        for (const auto& request : http.asked) events.push_back(header(request, "Hashprice-Event"));
        return events;
    }

    test::TempDir dir;
    fake::SimClock clock{kStart};
    FakeHttp http;
    Webhook webhook{{.url = "http://hook.test/x", .secret = "key", .token = "t"}, http, clock};
    Courier::Options options;
    std::unique_ptr<Database> db;
    std::optional<Courier> courier;
    std::vector<std::string> said;
};

TEST_F(CourierTest, MessagesArriveOnceAndInOrder) {
    add("a");
    add("b");

    play(domain::seconds{10});

    EXPECT_THAT(received(), ElementsAre("a", "b"));
    EXPECT_EQ(storage::receivers(*db)->front().pending, 0);
    EXPECT_THAT(said, IsEmpty());
}

TEST_F(CourierTest, ADayOf500IsBorneWithFewAttemptsAndOneLineInTheLog) {
    add("a");
    add("b");
    http.always(500);
    play(kDay);
    const auto attempts = http.asked.size();
    EXPECT_GT(attempts, 100U);
    EXPECT_LT(attempts, 600U);  // 10 min at most between two, 5 on average
    EXPECT_THAT(said, ElementsAre(HasSubstr("bad it answered 500")));
    EXPECT_EQ(storage::deliveries(*db)->size(), 2U);
    http.asked.clear();

    http.always(200);
    play(domain::seconds{601});

    EXPECT_THAT(received(), ElementsAre("a", "b"));
    EXPECT_THAT(said, SizeIs(2));
}

TEST_F(CourierTest, WhatCannotBeDeliveredForTooLongIsGivenUpAndTheNextIsTried) {
    options.give_up_after = kDay;
    start();
    add("old");
    http.always(503);
    play(kDay - domain::kHour);
    add("young");
    play(2 * domain::kHour);
    http.asked.clear();

    http.always(200);
    play(domain::kHour);

    EXPECT_THAT(received(), ElementsAre("young"));
    const auto state = storage::receivers(*db)->front();
    EXPECT_EQ(state.dead, 1);
    EXPECT_EQ(state.pending, 0);
}

TEST_F(CourierTest, AMessageThatTheReceiverCallsWrongHoldsUpTheOthersOnlyForAWhile) {
    http.answer = [](const ingest::HttpRequest& request) {
        const bool poison = header(request, "Hashprice-Event") == "poison";
        return FakeHttp::Answer(ingest::HttpResponse{poison ? 400 : 200, "", {}});
    };
    add("poison");
    add("good");

    play(domain::kHour);

    EXPECT_EQ(received().back(), "good");
    EXPECT_THAT(http.asked, SizeIs(6));
    EXPECT_EQ(storage::receivers(*db)->front().dead, 1);
}

TEST_F(CourierTest, TheReceiverIsLeftAloneForAsLongAsItAsks) {
    add("a");
    http.answer = [](const auto&) {
        return FakeHttp::Answer(ingest::HttpResponse{429, "", {{"retry-after", "1800"}}});
    };
    play(domain::seconds{1799});
    EXPECT_THAT(http.asked, SizeIs(1));
    play(domain::seconds{5});
    EXPECT_THAT(http.asked, SizeIs(2));
}

TEST_F(CourierTest, OnlyWhatTheReceiverIsForReachesIt) {
    options.filter = {
        .min_severity = Severity::warning, .kinds = {"episode"}, .other_rules = {"level-40"}};
    start();
    add("notice", Severity::notice);
    add("fleet", Severity::warning, "fleet", "");
    add("other rule", Severity::critical, "episode", "level-40");
    add("wanted", Severity::critical);

    play(domain::seconds{5});

    EXPECT_THAT(received(), ElementsAre("wanted"));
}

TEST_F(CourierTest, WhatCannotBeWrittenDownAsReceivedIsNotSentOnceMore) {
    add("a");
    std::optional<storage::Transaction> other;
    http.answer = [&](const auto&) {  // another program locks the database while "a" arrives
        other.emplace(*storage::Transaction::begin(*db));
        return FakeHttp::Answer(ingest::HttpResponse{200, "", {}});
    };
    EXPECT_EQ(courier->round({}), milliseconds{10'000});
    EXPECT_THAT(said, ElementsAre(HasSubstr("bad the outbox: ")));

    other.reset();
    play(domain::seconds{20});

    EXPECT_THAT(received(), ElementsAre("a"));
    EXPECT_EQ(storage::receivers(*db)->front().delivered, 1);
}

TEST_F(CourierTest, TheBodyIsSignedWithTheTimeOfTheAttempt) {
    add("a");
    play(domain::seconds{1});

    const auto& request = http.asked.at(0);
    EXPECT_EQ(request.body, R"({"event_id":"a"})");
    EXPECT_EQ(header(request, "Hashprice-Timestamp"), "1763164800");
    // printf '1763164800.{"event_id":"a"}' | openssl dgst -sha256 -hmac key
    EXPECT_EQ(header(request, "Hashprice-Signature"),
              "v1=1ad25bb5c94fc6bb4d50354eacc1244829010cf8ef766ac16f7d68c7cef291e9");
    EXPECT_EQ(header(request, "Authorization"), "Bearer t");
    EXPECT_EQ(header(request, "Hashprice-Replay"), "");
}

TEST_F(CourierTest, AChatThatTakesOnlyTextGetsOnlyText) {
    Webhook chat({.url = "http://hook.test/x", .text_only = true}, http, clock);
    chat.deliver({.severity = Severity::warning, .sentence = "It \"falls\"."}, false, *db, {});
    EXPECT_EQ(http.asked.at(0).body, R"({"text":"hashprice, warning: It \"falls\"."})");
    EXPECT_EQ(header(http.asked.at(0), "Hashprice-Signature"), "");
}

}  // namespace
}  // namespace hashprice::service::notify
