#include <thread>

#include "ingest/live/price_poller.hpp"
#include "tests/ingest/live/rehearsal.hpp"
#include "tests/ingest/live/stage.hpp"

namespace hashprice::ingest {
namespace {

using fake::FaultKind;
using namespace std::chrono_literals;

TEST(Routines, AStopCutsARunningRequest) {
    Rehearsal r({.exchanges = {"kraken"}, .chain = {"mempool"}});
    r.upstream.order({.prefix = "/", .kind = FaultKind::slow_headers, .amount = 60'000});
    const Notices silent;
    auto routines = live_routines(*r.roster, {*r.writer, silent, r.roster->budgets(), r.clock, 60s},
                                  {.max_age = 300s, .price_sources = {"kraken"}},
                                  [] { return std::make_unique<CurlTransport>(CurlOptions{}); });
    std::vector<std::jthread> threads;
    for (std::size_t n = 1; n < routines.size(); ++n) {  // all but the grid, which would race ahead
        threads.emplace_back([&, &routine = *routines[n]](const std::stop_token& stop) {
            keep_doing(
                routine, r.clock, [] {}, stop);
        });
    }
    while (r.upstream.requests() < threads.size()) std::this_thread::sleep_for(5ms);

    const auto start = std::chrono::steady_clock::now();
    for (std::jthread& thread : threads) thread.request_stop();
    threads.clear();

    EXPECT_LT(std::chrono::steady_clock::now() - start, 2s);
    EXPECT_EQ(r.health("kraken").polls_failed, 0) << "to be stopped is no failure";
}

class Writers : public Stage {};

TEST_F(Writers, ManyAtOnceLoseNothing) {
    constexpr int kEach = 50;
    const std::vector<std::string> names{"coinbase", "kraken", "bitstamp", "gemini"};
    {
        std::vector<std::jthread> threads;
        threads.reserve(names.size() + 1);
        for (const std::string& name : names) {
            threads.emplace_back([&, name] {
                for (int n = 0; n < kEach; ++n) {
                    domain::FactBatch batch;
                    batch.source = name;
                    batch.fetched_at = clock.now();
                    batch.prices.push_back(
                        {clock.now() - seconds{n}, 0s, domain::MicroUsd{95'000'000'000}});
                    EXPECT_TRUE(
                        writer->take({.batch = batch, .branch = {}, .poll = {.source = name}}));
                }
            });
        }
        threads.emplace_back([&] {
            for (int n = 0; n < kEach; ++n) EXPECT_TRUE(writer->advance(clock.now()));
        });
    }

    EXPECT_EQ(counts().prices, kEach * 4);
}

}  // namespace
}  // namespace hashprice::ingest
