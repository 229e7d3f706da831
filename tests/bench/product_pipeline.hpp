#pragma once
#include <filesystem>
#include <span>
#include <string>

#include "ingest/collector.hpp"

namespace hashprice::bench {

/// Bringing history in through the product: decode, check, store, derive, sum up.
class ProductPipeline {
public:
    explicit ProductPipeline(const std::filesystem::path& file);

    /// Pages as they came, and hourly closes of one exchange: one transaction.
    ingest::Taken take(std::span<const std::string> pages, std::span<const domain::Price> closes,
                       domain::UtcSeconds now);
    /// Four exchanges' ticks of one minute, and the blocks since: one transaction each call.
    ingest::Taken take(std::span<const domain::FactBatch> batches, domain::UtcSeconds now);
    /// Changes whenever a row does.
    std::uint64_t version();

private:
    storage::Database db_;
    ingest::Collector collector_;
};

}  // namespace hashprice::bench
