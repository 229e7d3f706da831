#include "tests/bench/product_pipeline.hpp"

#include <stdexcept>

#include "ingest/sources/mempool.hpp"

namespace hashprice::bench {
namespace {

template <class T>
T must(domain::Result<T> result) {
    if (!result) throw std::runtime_error(result.error().what);
    return std::move(*result);
}

}  // namespace

ProductPipeline::ProductPipeline(const std::filesystem::path& file)
    : db_(must(storage::Database::open(file, storage::Access::write))),
      collector_(db_, must(ingest::derive_options(db_, {}))) {}

ingest::Taken ProductPipeline::take(std::span<const std::string> pages,
                                    std::span<const domain::Price> closes, domain::UtcSeconds now) {
    std::array batches{domain::FactBatch{.source = "mempool", .fetched_at = now},
                       domain::FactBatch{.source = "coinbase", .fetched_at = now}};
    auto& blocks = batches[0].blocks;
    for (const std::string& page : pages) {
        const auto read = must(ingest::decode_mempool_blocks(page, now));
        blocks.insert(blocks.end(), read.begin(), read.end());
    }
    batches[1].prices.assign(closes.begin(), closes.end());
    const ingest::Taken taken = take(batches, now);
    const auto seen = taken.recorded.added + taken.recorded.unchanged;
    if (taken.recorded.refused > 0 || seen < static_cast<std::int64_t>(blocks.size())) {
        throw std::runtime_error("the product refused what it should take");
    }
    return taken;  // NOLINT(performance-no-automatic-move)
}

ingest::Taken ProductPipeline::take(std::span<const domain::FactBatch> batches,
                                    domain::UtcSeconds now) {
    const auto bring = [&](const ingest::Collector::Sink& sink) -> domain::Status {
        for (const domain::FactBatch& batch : batches) {
            // NOLINTNEXTLINE(performance-no-automatic-move)
            if (auto done = sink(batch); !done) return done;
        }
        return {};
    };
    return must(collector_.take_all(bring, now, now));
}

std::uint64_t ProductPipeline::version() { return must(db_.data_version()); }

}  // namespace hashprice::bench
