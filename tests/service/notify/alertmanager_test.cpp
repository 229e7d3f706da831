// What Alertmanager is told, and when.
#include "service/notify/alertmanager.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "service/notify/messages.hpp"
#include "storage/episodes.hpp"
#include "tests/service/notify/fake_http.hpp"
#include "tests/support/sim_clock.hpp"

namespace hashprice::service::notify {
namespace {

using domain::Days;
using domain::EpisodeState;
using domain::Severity;
using storage::Database;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

const UtcSeconds kNow = domain::utc(1'763'164'800);  // 2025-11-15T00:00:00Z
const Day kPeak{Days{20280}};                        // 2025-07-11

class AlertmanagerTest : public testing::Test {
protected:
    void follow(EpisodeState state, Severity severity) {
        const domain::Episode e{.id = "sustained-decline-2025-07-11",
                                .rule = "sustained-decline",
                                .state = state,
                                .severity = severity,
                                .peak = {kPeak, 64},
                                .trough = {kPeak + Days{100}, 40},
                                .last = {kPeak + Days{110}, 48},
                                .through = kPeak + Days{110},
                                .observed_days = 100};
        storage::EpisodeChange c{.rule = e.rule,
                                 .episode = e.id,
                                 .kind = "active",
                                 .day = kPeak + Days{75},
                                 .state = EpisodeState::active,
                                 .severity = severity,
                                 .value = 50,
                                 .drawdown = 0.22};
        ASSERT_TRUE(storage::in_transaction(db, [&]() -> Status {
            return storage::store_rule(db, {e.rule, "p", e.through, {e}, {c}}, kNow)
                .map([](const auto&) {});
        }));
    }
    std::string refresh() {
        const auto before = http.asked.size();
        manager.refresh(db, {});
        return http.asked.size() > before ? http.asked.back().body : "";
    }

    Database db = *Database::in_memory();
    fake::SimClock clock{kNow};
    FakeHttp http;
    Alertmanager manager{{.url = "http://am.test/", .scope = {}}, http, clock};
};

TEST_F(AlertmanagerTest, IdentityIsInLabelsAndFiguresAreInAnnotations) {
    follow(EpisodeState::active, Severity::notice);

    const std::string body = refresh();

    EXPECT_EQ(http.asked.back().url, "http://am.test/api/v2/alerts");
    EXPECT_THAT(body,
                HasSubstr(R"("labels":{"alertname":"HashpriceDecline","denomination":"usd",)"
                          R"("episode":"sustained-decline-2025-07-11","rule":"sustained-decline",)"
                          R"("severity":"notice"})"));
    EXPECT_THAT(body, AllOf(HasSubstr(R"("depth":"0.375")"), HasSubstr(R"("drawdown":"0.25")"),
                            HasSubstr(R"("value":"48")")));
    EXPECT_THAT(body, HasSubstr(R"("startsAt":"2025-09-25T00:00:00Z")"));
    EXPECT_THAT(body, HasSubstr(R"("endsAt":"2025-11-15T00:05:00Z")"));
}

TEST_F(AlertmanagerTest, ItIsSentAgainEveryMinuteAsLongAsItGoesOn) {
    follow(EpisodeState::active, Severity::notice);
    for (int s = 0; s < 600; ++s) {
        refresh();
        clock.advance(std::chrono::seconds{1});
    }
    EXPECT_THAT(http.asked, SizeIs(10));
}

TEST_F(AlertmanagerTest, WhatIsOverIsSentOnceWithItsEnd) {
    follow(EpisodeState::active, Severity::notice);
    refresh();
    follow(EpisodeState::closed, Severity::notice);
    clock.advance(std::chrono::seconds{60});

    EXPECT_THAT(refresh(), HasSubstr(R"("endsAt":"2025-11-15T00:01:00Z")"));

    clock.advance(std::chrono::seconds{60});
    EXPECT_EQ(refresh(), "");
}

TEST_F(AlertmanagerTest, AnEndThatWasNotReceivedIsSentAgain) {
    follow(EpisodeState::active, Severity::notice);
    refresh();
    follow(EpisodeState::closed, Severity::notice);
    http.always(500);
    clock.advance(std::chrono::seconds{60});
    refresh();
    http.always(200);
    clock.advance(std::chrono::seconds{60});

    EXPECT_THAT(refresh(), HasSubstr(R"("endsAt":"2025-11-15T00:02:00Z")"));
}

TEST_F(AlertmanagerTest, AfterARestartTheMessageOfTheEndResolvesIt) {
    follow(EpisodeState::closed, Severity::critical);

    const auto outcome = manager.deliver(
        {.kind = "episode", .subject = "sustained-decline-2025-07-11", .change = "closed"}, false,
        db, {});

    EXPECT_TRUE(outcome.received);
    EXPECT_THAT(http.asked.back().body, AllOf(HasSubstr(R"("severity":"critical")"),
                                              HasSubstr(R"("endsAt":"2025-11-15T00:00:00Z")")));
}

TEST_F(AlertmanagerTest, AWorseSeverityIsAnotherAlertInThePlaceOfTheFirst) {
    follow(EpisodeState::active, Severity::notice);
    refresh();
    follow(EpisodeState::active, Severity::warning);
    clock.advance(std::chrono::seconds{60});

    const std::string body = refresh();

    const auto notice = body.find(R"("severity":"notice")");
    const auto warning = body.find(R"("severity":"warning")");
    ASSERT_NE(notice, std::string::npos);
    ASSERT_LT(warning, notice);
    EXPECT_THAT(body.substr(warning, notice - warning),
                HasSubstr(R"("endsAt":"2025-11-15T00:06:00Z")"));
    EXPECT_THAT(body.substr(notice), HasSubstr(R"("endsAt":"2025-11-15T00:01:00Z")"));
}

TEST_F(AlertmanagerTest, PendingIsNoAlertAndASourceThatIsDownIsOne) {
    follow(EpisodeState::pending, Severity::none);
    EXPECT_EQ(refresh(), "");
    ASSERT_TRUE(note_source(db, "kraken", false, "no answer within 10 s", kNow));
    clock.advance(std::chrono::seconds{60});
    EXPECT_THAT(refresh(), AllOf(HasSubstr("HashpriceSourceDown"), HasSubstr("kraken"),
                                 Not(HasSubstr("HashpriceDecline"))));
    ASSERT_TRUE(note_source(db, "kraken", true, "", kNow));
    clock.advance(std::chrono::seconds{60});
    EXPECT_THAT(refresh(), HasSubstr(R"("endsAt":"2025-11-15T00:02:00Z")"));
}

}  // namespace
}  // namespace hashprice::service::notify
