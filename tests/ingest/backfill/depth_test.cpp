#include <gmock/gmock.h>

#include <condition_variable>

#include "ingest/backfill/day_part.hpp"
#include "tests/ingest/backfill/fixture.hpp"

/// How far back a backfill reaches, by the day, and in how few requests.
namespace hashprice::ingest {
namespace {

using domain::kDay;
using domain::kHour;
using domain::Range;
using domain::utc;
using domain::UtcSeconds;
using testing::HasSubstr;
using namespace std::chrono_literals;

UtcSeconds end_of(const char* date) { return domain::parse_instant(date, {}).value(); }

// --- against the fake upstream -------------------------------------------------------------------

class Depth : public BackfillTest {
protected:
    Depth() { kinds_ = {"mempool", "blockchain_com", "coinbase", "kraken", "bitstamp"}; }
    static constexpr Range kEarlyYears{utc(1'293'840'000), utc(1'388'534'400)};  // 2011 to 2013
    BackfillSummary by_day(Store& store, Range range) {
        return run(store, BackfillOptions{.range = range, .step = kDay});
    }
};

TEST_F(Depth, ThreeYearsByDayAreAHandfulOfRequestsAndTheHashPricesOfOtherCollections) {
    Store store;

    const auto sum = by_day(store, kEarlyYears);

    EXPECT_TRUE(sum.complete()) << sum.missing.front().what << sum.missing.front().why;
    EXPECT_EQ(asked("/mining/blocks/fees/all"), 1U);
    EXPECT_EQ(asked("/difficulty-adjustments"), 1U);
    EXPECT_LE(urls().size(), 8U);
    std::map<UtcSeconds, domain::Observation> days;
    for (const auto& o : store.rows().observations) days[o.time] = o;
    EXPECT_EQ(days.size(), 1096U);
    // by another program, from several public collections: good to about 1 %
    const std::pair<const char*, double> kKnown[] = {
        {"2011-03-01", 16'667'271.0}, {"2011-12-01", 3'155'385.5}, {"2012-06-01", 3'307'051.2},
        {"2012-11-29", 1'821'948.4},  {"2013-07-15", 1'812'499.2}, {"2013-12-04", 808'695.8}};
    for (const auto& [date, usd] : kKnown) {
        SCOPED_TRACE(date);
        const domain::Observation& o = days.at(end_of(date));
        EXPECT_NEAR(o.usd_per_ph_day / usd, 1.0, 0.015);
        EXPECT_EQ(o.fee_window, domain::FeeWindow::utc_day);
        EXPECT_EQ(o.span, kDay);
    }
}

TEST_F(Depth, TheSecondRunAsksNothing) {
    Store store;
    by_day(store, kEarlyYears);
    const Rows before = store.rows();

    const auto again = by_day(store, kEarlyYears);

    EXPECT_THAT(urls(), testing::IsEmpty());
    EXPECT_TRUE(again.complete());
    EXPECT_EQ(store.rows(), before);
}

TEST_F(Depth, BeforeTheFirstExchangeTheDailyMeanOfOthersCountsAndLaterItDoesNot) {
    Store store;
    by_day(store, kEarlyYears);

    const auto names = storage::sources(store.db).value();
    const auto id = [&](const std::string& name) {
        return std::ranges::find(names, name, &storage::SourceName::name)->id;
    };
    const auto bit = [](domain::SourceId source) { return std::uint64_t{1} << source; };
    for (const auto& o : store.rows().observations) {
        // Bitstamp's first candle is that of 2011-09-13
        const bool early = o.time < end_of("2011-09-13");
        ASSERT_EQ(o.price_sources, bit(id(early ? "blockchain_com" : "bitstamp")))
            << domain::format_time(o.time);
    }
}

TEST_F(Depth, ADryRunNamesExactlyWhatIsSent) {
    Store store;
    const auto roster = Roster::make(plans(kinds_), clock_).value();
    const auto derive = derive_options(store.db, {}).value();
    for (const Range& range : {kEarlyYears, Range{utc(1'230'940'800), utc(1'400'000'000)}}) {
        Backfill backfill(
            {store.db, *roster, transport_, clock_, derive, {}},
            {.range = range, .step = kDay, .price_sources = {"coinbase", "kraken", "bitstamp"}});
        const auto hosts = backfill.plan().value();
        ASSERT_EQ(hosts.size(), 1U);
        EXPECT_FALSE(hosts[0].at_least);

        by_day(store, range);

        EXPECT_EQ(static_cast<std::size_t>(hosts[0].requests), urls().size());
    }
}

TEST_F(Depth, ADryRunByBlockIsShortOfAFewPagesAtMostAndSaysSo) {
    Store store;
    const auto roster = Roster::make(plans(kinds_), clock_).value();
    const auto derive = derive_options(store.db, {}).value();
    Backfill backfill({store.db, *roster, transport_, clock_, derive, {}},
                      {.range = kNovember, .price_sources = {"coinbase", "kraken", "bitstamp"}});
    const auto hosts = backfill.plan().value();

    run(store, kNovember);

    ASSERT_EQ(hosts.size(), 1U);
    EXPECT_TRUE(hosts[0].at_least);
    EXPECT_LE(static_cast<std::size_t>(hosts[0].requests), urls().size());
    EXPECT_LE(urls().size(), static_cast<std::size_t>(hosts[0].requests) + 10U);
}

TEST_F(Depth, WhatNobodyCanHaveIsNotMissingButSaid) {
    Store store;

    const auto sum =
        run(store, BackfillOptions{.range = {end_of("2011-08-31"), end_of("2011-09-20")},
                                   .only = {"bitstamp"}});

    EXPECT_THAT(
        sum.notes,
        testing::Contains(HasSubstr("no source has prices by 1h before 2011-09-13T00:00:00Z")));
    EXPECT_TRUE(sum.complete()) << sum.missing.front().what;
    EXPECT_GT(store.rows().prices.size(), 100U);
    EXPECT_EQ(store.rows().prices.front().time, utc(1'315'872'000) + kHour);
}

TEST_F(Depth, WithoutFeesByDayTheyAreMissing) {
    upstream_.order({.prefix = "/mempool/api/v1/mining/blocks/fees/all",
                     .kind = fake::FaultKind::status,
                     .amount = 500});
    Store store;

    const auto sum = by_day(store, kEarlyYears);

    ASSERT_EQ(sum.missing.size(), 1U);
    EXPECT_EQ(sum.missing[0].what, "fees");
    EXPECT_EQ(sum.missing[0].range, kEarlyYears);
    EXPECT_THAT(sum.missing[0].why, HasSubstr("500"));
    upstream_.heal();
    EXPECT_TRUE(by_day(store, kEarlyYears).complete());
    EXPECT_LE(urls().size(), 2U) << "the prices are there";
}

// --- several hosts at once -----------------------------------------------------------------------

/// Lets the first request of each of two hosts pass only together with the other's.
struct Rendezvous {
    bool meet(const std::string& url) {
        const bool here = url.find("localhost") != std::string::npos;
        std::unique_lock lock(m);
        (here ? local : numeric) = true;
        changed.notify_all();
        return changed.wait_for(lock, 20s, [this] { return local && numeric; });
    }
    std::mutex m;
    std::condition_variable changed;
    bool local = false;
    bool numeric = false;
};

class Meeting final : public HttpTransport {
public:
    explicit Meeting(Rendezvous& rendezvous) : rendezvous_(rendezvous) {}
    domain::Result<HttpResponse> send(const HttpRequest& request,
                                      const std::stop_token& stop) override {
        if (!rendezvous_.meet(request.url)) {
            return domain::fail(domain::Errc::not_found, "the other host was never asked beside");
        }
        return below_.send(request, stop);
    }

private:
    Rendezvous& rendezvous_;
    CurlTransport below_{{}};
};

TEST_F(Depth, HostsAreAskedBesideEachOtherAndTheRowsAreTheSame) {
    Store one_by_one;
    run(one_by_one, kNovember);
    Store store;
    auto sources = plans(kinds_);
    for (SourcePlan& plan : sources) {
        if (plan.options.kind == "mempool") continue;
        plan.options.base_url.replace(plan.options.base_url.find("127.0.0.1"), 9, "localhost");
    }
    const auto roster = Roster::make(std::move(sources), clock_).value();
    const auto derive = derive_options(store.db, {}).value();
    Rendezvous rendezvous;
    Backfill backfill({store.db,
                       *roster,
                       [&] { return std::make_unique<Meeting>(rendezvous); },
                       clock_,
                       derive,
                       {}},
                      {.range = kNovember, .price_sources = {"coinbase", "kraken", "bitstamp"}});

    const auto sum = backfill.run([](const auto&) {});

    ASSERT_TRUE(sum) << sum.error().what;
    EXPECT_TRUE(sum->complete()) << sum->missing.front().why;
    EXPECT_EQ(store.rows(), one_by_one.rows());
}

}  // namespace
}  // namespace hashprice::ingest
