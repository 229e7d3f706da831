#include "tests/ingest/derive/real_facts.hpp"

#include "domain/time.hpp"
#include "tests/support/fake_world.hpp"

namespace hashprice::ingest {
namespace {

const fake::World& world() {
    static const fake::World all(HP_FAKE_DATA);
    return all;
}

FactBatch candles(const Range& starts, domain::seconds span, const std::string& source,
                  std::int64_t more) {
    FactBatch batch{.source = source, .fetched_at = kRealFetched};
    for (UtcSeconds t = starts.from; t < starts.to; t += span) {
        const domain::MicroUsd close = world().candle(t, span, kRealFetched).close;
        batch.prices.push_back({t + span, span, close + domain::MicroUsd{more * 1'000'000}});
    }
    return batch;
}

}  // namespace

FactBatch real_blocks(std::int64_t from, std::int64_t to) {
    FactBatch batch{.source = "mempool", .fetched_at = kRealFetched};
    for (std::int64_t height = from; height < to; ++height) {
        if (const auto found = world().block(height, kRealFetched))
            batch.blocks.push_back(found->block);
    }
    return batch;
}

FactBatch real_closes(const Range& days) { return candles(days, domain::kDay, "import", 0); }

FactBatch real_hours(const Range& hours, const std::string& exchange, std::int64_t more) {
    return candles(hours, domain::kHour, exchange, more);
}

}  // namespace hashprice::ingest
