#include <gmock/gmock.h>

#include "storage/polls.hpp"
#include "tests/ingest/backfill/fixture.hpp"

/// Every source x every fault, as a backfill lives through it: it ends, stores nothing false, says
/// what is missing, and the next run brings it.
namespace hashprice::ingest {
namespace {

using domain::kDay;
using domain::Range;
using domain::utc;
using fake::FaultKind;

struct Trouble {
    std::string name;
    FaultKind kind{};
    std::int64_t amount = 40;
    std::string retry_after = {};
};

std::vector<Trouble> troubles() {
    std::vector<Trouble> all;
    for (const FaultKind kind : fake::all_faults()) {
        const bool slow = kind == FaultKind::slow_headers || kind == FaultKind::slow_body;
        // without a third opinion a spike is believed; price_truth_test.cpp has more of it
        if (kind == FaultKind::status || kind == FaultKind::spike) continue;
        all.push_back({std::string(fake::fault_name(kind)), kind, slow ? 200 : 40});
    }
    for (const int status : {304, 401, 403, 404, 418, 429, 500, 503}) {
        all.push_back({"status_" + std::to_string(status), FaultKind::status, status});
    }
    all.push_back({"status_429_in_two_hours", FaultKind::status, 429, "7200"});
    return all;
}

class BackfillUnder : public BackfillTest,
                      public testing::WithParamInterface<std::tuple<std::string, Trouble, bool>> {
protected:
    BackfillUnder() {
        kinds_ = {"mempool", "blockchain_com", "coinbase", "kraken", "bitstamp"};
        upstream_.set_rpc_login("user:pass");
        if (std::get<0>(GetParam()) == "bitcoin_core") kinds_.emplace_back("bitcoin_core");
    }
    /// By day, over the first candle of an exchange ever; or by the hour.
    [[nodiscard]] BackfillOptions options() const {
        BackfillOptions options{.range = {kNovember.to - 4 * kDay, kNovember.to}};
        if (std::get<2>(GetParam())) {
            options.range = {utc(1'312'156'800), utc(1'320'105'600)};  // 2011-08 to 10
            options.step = kDay;
        }
        return options;
    }
    /// Without what a later, fuller answer may add to a block.
    static Rows comparable(Rows rows) {
        for (domain::Block& block : rows.blocks) block.hash = block.parent = std::nullopt;
        for (domain::Observation& o : rows.observations)
            o.chain_source = o.fee_source = 0, o.price_sources = 0;
        return rows;
    }
};

/// Pages of another length reach a little further back: there is nothing to compare these with.
void expect_right(const std::vector<domain::Block>& found,
                  const std::vector<domain::Block>& right) {
    ASSERT_TRUE(!right.empty() || found.empty());
    for (const domain::Block& block : found) {
        if (block.height < right.front().height) continue;
        const auto index = static_cast<std::size_t>(block.height - right.front().height);
        ASSERT_LT(index, right.size());
        EXPECT_EQ(block, right[index]);
    }
}

TEST_P(BackfillUnder, StoresNothingFalseSaysWhatIsMissingAndTheNextRunBringsIt) {
    const auto& [provider, trouble, by_day] = GetParam();
    Store undisturbed;
    ASSERT_TRUE(run(undisturbed, options()).complete());
    const Rows right = comparable(undisturbed.rows());
    upstream_.order({.prefix = "/" + provider,
                     .kind = trouble.kind,
                     .amount = trouble.amount,
                     .retry_after = trouble.retry_after,
                     .since = utc(1'763'164'800)});  // of `frozen`: two weeks ago
    Store store;
    BackfillOptions hasty = options();
    hasty.timeout = std::chrono::milliseconds{100};

    const auto sum = run(store, hasty);

    const Rows during = comparable(store.rows());
    expect_right(during.blocks, right.blocks);
    for (const domain::Price& price : during.prices)
        EXPECT_THAT(right.prices, testing::Contains(price));
    if (sum.complete()) {
        EXPECT_EQ(during.observations.size(), right.observations.size());
    } else {
        for (const MissingPart& part : sum.missing) EXPECT_FALSE(part.why.empty());
    }

    upstream_.heal();
    clock_.advance(std::chrono::hours{3});  // what a host asked for is over
    EXPECT_TRUE(run(store, options()).complete());
    const Rows after = comparable(store.rows());
    expect_right(after.blocks, right.blocks);
    // what stood in for an exchange stays, outranked
    for (const domain::Price& price : right.prices)
        EXPECT_THAT(after.prices, testing::Contains(price));
    EXPECT_EQ(after.observations, right.observations);
}

std::string name_of(const testing::TestParamInfo<BackfillUnder::ParamType>& cell) {
    const auto& [provider, trouble, by_day] = cell.param;
    return provider + "_" + trouble.name + (by_day ? "_by_day" : "");
}

INSTANTIATE_TEST_SUITE_P(ByHour, BackfillUnder,
                         testing::Combine(testing::Values("mempool", "bitcoin_core", "coinbase",
                                                          "kraken", "bitstamp"),
                                          testing::ValuesIn(troubles()), testing::Values(false)),
                         name_of);
INSTANTIATE_TEST_SUITE_P(ByDay, BackfillUnder,
                         testing::Combine(testing::Values("mempool", "blockchain_com", "bitstamp"),
                                          testing::ValuesIn(troubles()), testing::Values(true)),
                         name_of);

}  // namespace
}  // namespace hashprice::ingest
