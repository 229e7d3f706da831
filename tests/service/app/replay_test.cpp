// July to November 2025, a day at a time: what a receiver hears of the decline that the product was
// asked for, however badly the receiver and the daemon fare. Dates: METHOD section 3.
#include <gmock/gmock.h>

#include <random>

#include "service/app/herald.hpp"
#include "service/notify/courier.hpp"
#include "service/notify/messages.hpp"
#include "service/notify/webhook.hpp"
#include "storage/bars.hpp"
#include "tests/service/notify/fake_http.hpp"
#include "tests/support/process.hpp"
#include "tests/support/sim_clock.hpp"
#include "tests/trend/golden.hpp"

namespace hashprice::service::app {
namespace {

using domain::Day;
using domain::Days;
using domain::UtcSeconds;
using notify::header;
using storage::Access;
using storage::Database;
using testing::ElementsAre;
using trend::date;

UtcSeconds close_of(Day day) { return UtcSeconds{day} + domain::kDay; }

/// The daemon is killed: nothing of what it holds in memory is left.
struct Killed {};

/// A receiver that fails half of the time, before it has the message or after; is down for a day;
/// and during whose deliveries the daemon is killed now and then.
struct BadReceiver {
    fake::SimClock& clock;
    Day down;
    std::mt19937_64 random{20251119};
    std::vector<std::string> events{};  ///< every one that arrived, repetitions included
    int kills = 0;
    int attempts = 0;

    notify::FakeHttp::Answer answer(const ingest::HttpRequest& request) {
        ++attempts;
        const auto dice = std::uniform_int_distribution<>(0, 9)(random);
        const bool is_down = std::chrono::floor<Days>(clock.now()) == down;
        if (is_down || dice < 2) return domain::fail(domain::Errc::network, "cannot be reached");
        if (dice == 2) kill();  // before it has arrived
        events.push_back(header(request, "Hashprice-Event"));
        if (dice == 3) kill();  // after it has, before that is known
        if (dice < 6) return ingest::HttpResponse{500, "", {}};
        return ingest::HttpResponse{200, "", {}};
    }
    [[noreturn]] void kill() {
        ++kills;
        throw Killed{};
    }
    [[nodiscard]] std::vector<std::string> distinct() const {
        std::vector<std::string> once;
        for (const std::string& event : events) {
            if (std::ranges::find(once, event) == once.end()) once.push_back(event);
        }
        return once;
    }
};

class Replay : public testing::Test {
protected:
    void SetUp() override {
        auto db = Database::open(file(), Access::write);
        ASSERT_TRUE(db) << db.error().what;
        ASSERT_TRUE(storage::register_receiver(*db, "hook"));
        http.answer = [this](const ingest::HttpRequest& r) { return receiver.answer(r); };
    }
    [[nodiscard]] std::filesystem::path file() const { return dir.path() / "x.db"; }

    static void put(Database& db, const trend::Golden& day) {
        const UtcSeconds t = close_of(date(day.date));
        const std::vector<domain::Observation> one{
            {.time = t,
             .span = domain::kDay,
             .height = day.height,
             .bits = domain::Bits{0x1701d936},
             .fee_sum = domain::Satoshi{static_cast<std::int64_t>(144 * day.mean_fee_sat)},
             .fee_blocks = 144,
             .price_usd = day.price_usd,
             .usd_per_ph_day = day.usd_per_ph_day,
             .sat_per_ph_day = 1e8 * day.usd_per_ph_day / day.price_usd}};
        ASSERT_TRUE(storage::in_transaction(db, [&]() -> domain::Status {
            const auto done = storage::replace_observations(db, t - domain::seconds{1}, t, one, t);
            return done ? storage::rebuild_bars(db, t, t) : tl::unexpected(done.error());
        }));
    }
    void judge_now(Database& db) {
        const auto history = judge::history_of(db, clock.now());
        ASSERT_TRUE(history);
        const auto stored =
            judge::store(db, {*history, judge::judge(domain::builtin_rules(), *history), {}},
                         clock.now(), herald_for(*history, clock.now()));
        ASSERT_TRUE(stored) << stored.error().what;
    }
    /// A courier of its own, as after a restart, until `end` or until it is killed.
    void deliver_until(UtcSeconds end) {
        notify::Webhook webhook({.url = "http://hook.test/"}, http, clock);
        notify::Courier courier({.name = "hook", .database = file()}, webhook, clock, {});
        while (clock.now() < end) {
            try {
                clock.advance(courier.round({}) + std::chrono::minutes{1});
            } catch (const Killed&) {
                return;
            }
        }
    }
    void pass_until(UtcSeconds end) {
        while (clock.now() < end) {
            deliver_until(end);
            clock.advance(std::chrono::seconds{30});  // until it is started again
        }
    }

    test::TempDir dir;
    fake::SimClock clock{close_of(date("2025-07-01"))};
    BadReceiver receiver{clock, date("2025-10-30")};
    notify::FakeHttp http;
};

const auto kHeard = ElementsAre("sustained-decline-2025-07-11:active:2025-09-24",
                                "sustained-decline-2025-07-11:escalated:2025-10-29",
                                "sustained-decline-2025-07-11:escalated:2025-11-19");

TEST_F(Replay, DayByDayABadReceiverHearsOfThreeChangesInTheirOrder) {
    for (const trend::Golden& day : trend::kGolden) {
        const UtcSeconds close = close_of(date(day.date));
        {
            auto db = Database::open(file(), Access::write);
            put(*db, day);
            clock.advance(close + std::chrono::minutes{15} - clock.now());
            judge_now(*db);
        }
        pass_until(close + std::chrono::hours{3});  // the rest of the day is like these hours
    }
    pass_until(close_of(date("2025-12-01")));

    EXPECT_THAT(receiver.distinct(), kHeard);
    EXPECT_GT(receiver.kills, 0);
    EXPECT_GT(receiver.attempts, 10);
    auto db = Database::open(file(), Access::read);
    EXPECT_EQ(storage::receivers(*db)->front().pending, 0);
    EXPECT_EQ(storage::receivers(*db)->front().dead, 0);
    const auto all =
        storage::messages_between(*db, {close_of(date("2025-07-01")), clock.now()}, "");
    ASSERT_EQ(all->size(), 4U);  // pending is stored, and told to nobody
    EXPECT_EQ((*all)[0].change, "pending");
    EXPECT_FALSE((*all)[0].goes_out);
    EXPECT_EQ((*all)[1].severity, domain::Severity::notice);
    EXPECT_EQ((*all)[2].severity, domain::Severity::warning);
    EXPECT_EQ((*all)[3].severity, domain::Severity::critical);
    EXPECT_EQ(domain::format_time((*all)[3].at), "2025-11-20T00:00:00Z");  // that day's close
}

TEST_F(Replay, WhatABackfillBringsIsStoredInSilenceAndSentOnRequest) {
    auto db = Database::open(file(), Access::write);
    for (const trend::Golden& day : trend::kGolden) put(*db, day);
    clock.advance(close_of(date("2025-12-01")) - clock.now());
    judge_now(*db);
    receiver.down = {};
    pass_until(clock.now() + domain::kHour);
    EXPECT_EQ(receiver.attempts, 0);

    const auto all =
        storage::messages_between(*db, {close_of(date("2025-07-01")), clock.now()}, "");
    for (const storage::Message& m : *all) {
        if (m.severity == domain::Severity::none) continue;
        ASSERT_TRUE(storage::queue(*db, "hook", m.id, true, clock.now()));
    }
    pass_until(clock.now() + domain::kDay);

    EXPECT_THAT(receiver.distinct(), kHeard);
    EXPECT_EQ(header(http.asked.back(), "Hashprice-Replay"), "true");
}

TEST_F(Replay, NewsIsOfTheNewestCompleteDayAndYoungerThanTwoDays) {
    const Day day = date("2025-09-24");
    const auto after = [&](int hours) { return close_of(day) + std::chrono::hours{hours}; };
    EXPECT_TRUE(notify::is_news(day, day, after(1)));
    EXPECT_TRUE(notify::is_news(day, day, after(47)));
    EXPECT_FALSE(notify::is_news(day, day, after(48)));
    EXPECT_FALSE(notify::is_news(day, day + Days{1}, after(25)));
}

TEST_F(Replay, ACorrectedPastTakesBackWhatWasToldAndOnlyThat) {
    auto db = Database::open(file(), Access::write);
    for (const trend::Golden& day : trend::kGolden) {
        if (date(day.date) > date("2025-09-24")) break;
        put(*db, day);
        clock.advance(close_of(date(day.date)) + domain::kHour - clock.now());
        judge_now(*db);
    }
    for (const trend::Golden& day : trend::kGolden) {  // the fall was an error of a source
        if (date(day.date) < date("2025-09-20") || date(day.date) > date("2025-09-24")) continue;
        trend::Golden right = day;
        right.usd_per_ph_day = 60;
        put(*db, right);
    }
    judge_now(*db);
    judge_now(*db);
    http.answer = [this](const ingest::HttpRequest& r) {
        receiver.events.push_back(header(r, "Hashprice-Event"));
        return notify::FakeHttp::Answer(ingest::HttpResponse{200, "", {}});
    };
    pass_until(clock.now() + domain::kHour);

    EXPECT_THAT(receiver.events,
                ElementsAre("sustained-decline-2025-07-11:active:2025-09-24",
                            testing::StartsWith("sustained-decline-2025-07-11:withdrawn:")));
}

}  // namespace
}  // namespace hashprice::service::app
