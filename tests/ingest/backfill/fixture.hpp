#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "ingest/backfill/backfill.hpp"
#include "ingest/transport/curl_transport.hpp"
#include "storage/observations.hpp"
#include "tests/support/fake_upstream.hpp"
#include "tests/support/sim_clock.hpp"

namespace hashprice::ingest {

/// Writes down the URLs of requests, and asks for a stop after some of them.   threads thread-safe
struct Watch {
    bool may_send(const std::string& url) {
        const std::lock_guard lock(m);
        if (urls.size() == stop_after) {
            stopper.request_stop();
            return false;
        }
        urls.push_back(url);
        return true;
    }

    std::mutex m;
    std::vector<std::string> urls;
    std::size_t stop_after = SIZE_MAX;
    std::stop_source stopper;
};

/// Hands requests on to the network, under a watch.
class Watched final : public HttpTransport {
public:
    explicit Watched(Watch& watch) : watch_(watch) {}
    domain::Result<HttpResponse> send(const HttpRequest& request,
                                      const std::stop_token& stop) override {
        if (!watch_.may_send(request.url)) return domain::fail(domain::Errc::stopped, "stopped");
        return below_.send(request, stop);
    }

private:
    Watch& watch_;
    CurlTransport below_{{}};
};

/// What a database holds, the times of fetching and recording aside.
struct Rows {
    std::vector<domain::Block> blocks;
    std::vector<domain::Price> prices;
    std::vector<domain::Observation> observations;
    friend bool operator==(const Rows&, const Rows&) = default;
};

/// Backfills against the fake upstream over real HTTP, on a clock whose sleeps take no time. Its
/// present is ten minutes past the end of November 2025, where the served figures end.
class BackfillTest : public testing::Test {
protected:
    BackfillTest() { upstream_.set_now(kNow); }

    static constexpr domain::UtcSeconds kNow = domain::utc(1'764'547'800);
    static constexpr domain::Range kNovember{domain::utc(1'761'955'200),
                                             domain::utc(1'764'547'200)};

    [[nodiscard]] std::vector<SourcePlan> plans(const std::vector<std::string>& kinds) const {
        std::vector<SourcePlan> plans;
        for (const std::string& kind : kinds) {
            SourceOptions options{
                .name = kind, .kind = kind, .base_url = upstream_.url("/" + kind)};
            options.rpc_user = "user";
            options.rpc_password = "pass";
            plans.push_back({options, true, kind == "bitcoin_core" ? 5 : 50, 60'000});
        }
        return plans;
    }

    struct Store {
        storage::Database db = storage::Database::in_memory().value();
        Rows rows() {
            Rows rows;
            const auto blocks = storage::blocks_between(db, 0, 10'000'000).value();
            const auto prices = storage::prices_between(db, {}, kNow).value();
            const auto observations = storage::observations_between(db, {}, kNow).value();
            for (const auto& b : blocks) rows.blocks.push_back(b.fact);
            for (const auto& p : prices) rows.prices.push_back(p.fact);
            for (const auto& o : observations) rows.observations.push_back(o.observation);
            return rows;
        }
    };

    BackfillSummary run(Store& store, BackfillOptions options) {
        return run(store, std::move(options), clock_);
    }
    BackfillSummary run(Store& store, BackfillOptions options, domain::Clock& clock) {
        options.price_sources = {"coinbase", "kraken", "bitstamp"};
        Watch& watch = watched_.emplace_back();
        watch.stop_after = stop_after_;
        const auto roster = Roster::make(plans(kinds_), clock).value();
        const auto derive = derive_options(store.db, {}).value();
        Backfill backfill({store.db, *roster, [&] { return std::make_unique<Watched>(watch); },
                           clock, derive, watch.stopper.get_token()},
                          std::move(options));
        progress_.clear();
        auto sum = backfill.run([&](const BackfillProgress& at) { progress_.push_back(at); });
        if (sum) return *sum;
        ADD_FAILURE() << sum.error().what;
        return {};
    }
    BackfillSummary run(Store& store, domain::Range range) {
        return run(store, BackfillOptions{.range = range});
    }
    /// What the last run asked.
    [[nodiscard]] const std::vector<std::string>& urls() const { return watched_.back().urls; }
    [[nodiscard]] std::size_t asked(const std::string& part) const {
        return static_cast<std::size_t>(std::ranges::count_if(
            urls(), [&](const std::string& url) { return url.find(part) != std::string::npos; }));
    }

    fake::FakeUpstream upstream_;
    fake::SimClock clock_{kNow};
    MakeTransport transport_ = [] { return std::make_unique<CurlTransport>(CurlOptions{}); };
    std::vector<std::string> kinds_{"mempool", "coinbase", "kraken", "bitstamp"};
    std::size_t stop_after_ = SIZE_MAX;
    std::list<Watch> watched_;
    std::vector<BackfillProgress> progress_;
};

}  // namespace hashprice::ingest
