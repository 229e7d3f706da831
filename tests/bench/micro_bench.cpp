// Single steps, by Google Benchmark: reading a page beside the bare parse, and a new day of trend.
#include <benchmark/benchmark.h>
#include <simdjson.h>

#include <cmath>

#include "ingest/sources/mempool.hpp"
#include "service/judge/judge.hpp"
#include "tests/bench/chain.hpp"

namespace {

using namespace hashprice;
using domain::Day;
using domain::Days;

constexpr std::int64_t kHeight = 900'000;

void BareDomParse(benchmark::State& state) {
    const std::string page = bench::page_from(kHeight);
    simdjson::dom::parser parser;
    for (auto _ : state) {  // NOLINT(clang-analyzer-deadcode.DeadStores)
        std::int64_t fees = 0;
        for (const auto row : parser.parse(page).get_array()) {
            fees += row["extras"]["totalFees"].get_int64().value();
        }
        benchmark::DoNotOptimize(fees);
    }
    state.SetItemsProcessed(state.iterations() * bench::kPageBlocks);
}
BENCHMARK(BareDomParse);

void BareOnDemandParse(benchmark::State& state) {
    const simdjson::padded_string page(bench::page_from(kHeight));
    simdjson::ondemand::parser parser;
    for (auto _ : state) {  // NOLINT(clang-analyzer-deadcode.DeadStores)
        std::int64_t fees = 0;
        auto document = parser.iterate(page);
        for (auto row : document.get_array()) {
            fees += row["extras"]["totalFees"].get_int64().value();
        }
        benchmark::DoNotOptimize(fees);
    }
    state.SetItemsProcessed(state.iterations() * bench::kPageBlocks);
}
BENCHMARK(BareOnDemandParse);

void DecodeAndCheckAPage(benchmark::State& state) {
    const std::string page = bench::page_from(kHeight);
    const auto now = bench::time_of(kHeight + 1'000);
    for (auto _ : state) {  // NOLINT(clang-analyzer-deadcode.DeadStores)
        auto blocks = ingest::decode_mempool_blocks(page, now);
        if (!blocks) state.SkipWithError(blocks.error().what.c_str());
        benchmark::DoNotOptimize(blocks);
    }
    state.SetItemsProcessed(state.iterations() * bench::kPageBlocks);
}
BENCHMARK(DecodeAndCheckAPage);

/// Closes that rise and fall by half in two years, so that episodes open and close.
service::judge::History days_of(int count) {
    service::judge::History history;
    const Day first{Days{14'000}};
    for (int i = 0; i < count; ++i) {
        const double usd = 60 + 25 * std::sin(i / 116.0) + 3 * std::sin(i * 1.7);
        const Day day = first + Days{i};
        history.inputs.push_back({day, 144 * i, 60'000 + 100.0 * i, domain::Difficulty{9e13},
                                  domain::Satoshi{312'500'000}, 2e6});
        history.usd.push_back({day, usd});
        history.sat.push_back({day, 1'000 * usd});
    }
    history.complete = first + Days{count - 1};
    history.through = history.complete;
    return history;
}

void ANewDayAfter15Years(benchmark::State& state) {
    const auto before = days_of(15 * 365);
    const auto after = days_of(15 * 365 + 1);
    service::judge::Judge judge(domain::builtin_rules());
    judge.follow(before);
    for (auto _ : state) {  // NOLINT(clang-analyzer-deadcode.DeadStores)
        state.PauseTiming();
        service::judge::Judge today = judge;
        state.ResumeTiming();
        today.follow(after);
        benchmark::DoNotOptimize(today);
    }
}
BENCHMARK(ANewDayAfter15Years)->Unit(benchmark::kMicrosecond);

void ExplainTheOpenEpisode(benchmark::State& state) {
    const auto history = days_of(15 * 365);
    service::judge::Judge judge(domain::builtin_rules());
    judge.follow(history);
    const auto verdicts = judge.verdicts();
    for (auto _ : state) {  // NOLINT(clang-analyzer-deadcode.DeadStores)
        domain::Episode episode = verdicts.front().episodes.back();
        service::judge::explain(episode, history);
        benchmark::DoNotOptimize(episode);
    }
}
BENCHMARK(ExplainTheOpenEpisode)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
