#include "ingest/starter/starter.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

#include "domain/consensus.hpp"

namespace hashprice::ingest {
namespace {

struct EpochRow {
    std::int64_t start_time_s{};
    std::uint32_t bits{};
};

struct FeeRow {
    std::int64_t fee_sum_sat{};
    std::int64_t tip_height{};
};

struct DayRow {
    std::int64_t day{};  // since 1970
    std::int64_t close_micro_usd{};
    std::optional<FeeRow> fees;
};

constexpr std::int32_t kFeeWindowBlocks = 144;

constexpr EpochRow kEpochs[] = {
#include "ingest/starter/epochs.inc"
};

constexpr DayRow kDays[] = {
#include "ingest/starter/days.inc"
};

domain::UtcSeconds end_of(std::int64_t day) {
    return domain::UtcSeconds{std::chrono::days{day + 1}};
}

}  // namespace

domain::FactBatch starter_facts() {
    domain::FactBatch batch;
    batch.source = "starter";

    std::int64_t height = 0;
    for (const EpochRow& row : kEpochs) {
        batch.epochs.push_back({height, domain::utc(row.start_time_s), domain::Bits{row.bits}});
        height += domain::kBlocksPerEpoch;
    }
    for (const DayRow& row : kDays) {
        const domain::UtcSeconds end = end_of(row.day);
        batch.prices.push_back({end, domain::kDay, domain::MicroUsd{row.close_micro_usd}});
        if (row.fees) {
            batch.fee_means.push_back({end, domain::FeeWindow::blocks_144,
                                       domain::Satoshi{row.fees->fee_sum_sat}, kFeeWindowBlocks,
                                       row.fees->tip_height});
        }
    }
    batch.fetched_at = std::chrono::ceil<std::chrono::days>(
        std::max(batch.epochs.back().start_time, batch.prices.back().time));
    return batch;
}

}  // namespace hashprice::ingest
