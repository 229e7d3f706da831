#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "storage/observations.hpp"
#include "storage/polls.hpp"
#include "tests/ingest/failover/storm.hpp"
#include "tests/support/raw_server.hpp"
#include "tests/support/tls_server.hpp"

/// Every source x every fault, as the daemon lives through it: it goes on, others take over where
/// they can, nothing false is kept, nothing true is lost, it is said what is wrong, and no budget
/// is passed. What a single answer becomes under a fault is in fault_matrix_test.cpp.
namespace hashprice::ingest {
namespace {

using domain::Observation;
using fake::FaultKind;
using namespace std::chrono_literals;

struct Trouble {
    std::string name;
    FaultKind kind = FaultKind::close;
    std::int64_t amount = 0;
    std::string retry_after = {};
    seconds lasts = 15min;
    milliseconds timeout = 10'000ms;
    /// Not a fault of the provider, but of the way to it.
    enum class Way { open, refused, no_such_host, wrong_certificate } way = Way::open;
};

std::vector<Trouble> statuses() {
    std::vector<Trouble> all;
    for (const int status : {304, 401, 403, 404, 418, 429, 500, 503}) {
        all.push_back({"status_" + std::to_string(status), FaultKind::status, status});
    }
    all.push_back({"status_429_seconds", FaultKind::status, 429, "120"});
    all.push_back({"status_503_date", FaultKind::status, 503, "Sat, 15 Nov 2025 00:31:00 GMT"});
    return all;
}

std::vector<Trouble> troubles() {
    using Way = Trouble::Way;
    std::vector<Trouble> all{
        {.name = "refused", .way = Way::refused},
        {.name = "no_such_host", .way = Way::no_such_host},
        {.name = "wrong_certificate", .way = Way::wrong_certificate},
        {"spike_up", FaultKind::spike, 150},
        {"spike_down", FaultKind::spike, 60},
        {.name = "frozen", .kind = FaultKind::frozen, .lasts = 3h},
        {.name = "slow_headers", .kind = FaultKind::slow_headers, .amount = 400, .timeout = 60ms},
        {.name = "slow_body", .kind = FaultKind::slow_body, .amount = 30, .timeout = 60ms}};
    for (Trouble& trouble : statuses()) all.push_back(std::move(trouble));
    for (const FaultKind kind : fake::all_faults()) {
        const bool own = kind == FaultKind::status || kind == FaultKind::spike ||
                         kind == FaultKind::frozen || kind == FaultKind::slow_headers ||
                         kind == FaultKind::slow_body;
        if (!own) all.push_back({std::string(fake::fault_name(kind)), kind, 40});
    }
    return all;
}

const std::vector<std::string> kExchanges{"coinbase", "kraken", "bitstamp", "gemini"};

bool is_exchange(const std::string& name) {
    return std::ranges::find(kExchanges, name) != kExchanges.end();
}

/// Who plays when this provider is in trouble.
std::vector<std::string> cast_for(const std::string& provider) {
    std::vector<std::string> cast{"mempool", "esplora"};
    if (provider == "esplora") cast = {"esplora"};
    if (provider == "bitcoin_core") cast = {"bitcoin_core", "mempool"};
    cast.insert(cast.end(), kExchanges.begin(), kExchanges.end());
    if (provider == "braiins" || provider == "luxor") cast.push_back(provider);
    return cast;
}

constexpr UtcSeconds kBegin = Storm::kStart + 20min;
constexpr seconds kRecovery = 60min;

struct Past {
    std::map<UtcSeconds, Observation> observations;
    std::vector<domain::Block> blocks;
};

Past past_of(Storm& storm, UtcSeconds from, UtcSeconds to) {
    Past past;
    storm.db([&](storage::Database& db) {
        const auto observations = storage::observations_between(db, from, to).value();
        for (const auto& k : observations) {
            Observation o = k.observation;
            o.chain_source = o.fee_source = 0;  // whoever said it: what was said is compared
            past.observations[o.time] = o;
        }
        const auto blocks = storage::blocks_between(db, 0, 2'000'000).value();
        for (const auto& b : blocks) {
            if (b.fact.time <= to) past.blocks.push_back(b.fact);
        }
    });
    return past;
}

/// The same hours without any trouble, up to the longest there is.
Storm& calm(const std::string& provider) {
    static std::map<std::vector<std::string>, std::unique_ptr<Storm>> storms;
    const std::vector<std::string> cast = cast_for(provider);
    std::unique_ptr<Storm>& storm = storms[cast];
    if (!storm) {
        storm = std::make_unique<Storm>(Storm::Cast{.sources = cast});
        storm->play_until(kBegin + 3h + kRecovery);
    }
    return *storm;
}

class Daemon : public testing::TestWithParam<std::tuple<std::string, Trouble>> {
protected:
    Daemon()
        : provider_(std::get<0>(GetParam())),
          trouble_(std::get<1>(GetParam())),
          end_(kBegin + trouble_.lasts),
          storm_({.sources = cast_for(provider_)}) {}

    void begin_trouble() {
        storm_.weather.patience[provider_] = trouble_.timeout;
        std::string& detour = storm_.weather.detours[provider_];
        switch (trouble_.way) {
            case Trouble::Way::open:
                storm_.weather.detours.clear();
                storm_.upstream.order({.prefix = "/" + provider_,
                                       .kind = trouble_.kind,
                                       .amount = trouble_.amount,
                                       .retry_after = trouble_.retry_after});
                break;
            case Trouble::Way::refused:
                detour = "http://127.0.0.1:" + std::to_string(fake::closed_port());
                break;
            case Trouble::Way::no_such_host:
                detour = "http://no-such-host.invalid";
                break;
            case Trouble::Way::wrong_certificate:
                impostor_ = std::make_unique<fake::TlsServer>("IP:127.0.0.1");
                detour = impostor_->url();
                break;
        }
    }
    void end_trouble() {
        storm_.upstream.heal();
        storm_.weather.detours.clear();
        storm_.weather.patience.clear();
    }
    storage::SourceHealth health() {
        const auto all =
            storm_.db([](storage::Database& d) { return storage::source_health(d).value(); });
        for (const auto& h : all) {
            if (h.name == provider_) return h;
        }
        return {};
    }

    /// What stands while it lasts is true as far as it goes, and there.
    void expect_true(const Past& found, const Past& expected) const {
        // prices of a fault's first minutes may be up to max_age old, a frozen tip an hour
        const std::int64_t behind = trouble_.kind == FaultKind::frozen ? 15 : 4;
        for (const auto& [t, right] : expected.observations) {
            SCOPED_TRACE(domain::format_time(t));
            const auto at = found.observations.find(t);
            ASSERT_NE(at, found.observations.end());
            const Observation& o = at->second;
            EXPECT_NEAR(o.price_usd / right.price_usd, 1.0, 0.004);
            EXPECT_EQ(o.bits, right.bits);
            EXPECT_LE(o.height, right.height);
            EXPECT_GE(o.height, is_exchange(provider_) ? right.height : right.height - behind);
            const bool same_fees = o.height == right.height && o.fee_sum == right.fee_sum;
            EXPECT_TRUE(same_fees || !is_exchange(provider_));
        }
    }

    const std::string provider_;
    const Trouble trouble_;
    const UtcSeconds end_;
    Storm storm_;
    std::unique_ptr<fake::TlsServer> impostor_;
};

TEST_P(Daemon, GoesOnKeepsNothingFalseLosesNothingTrueAndSaysWhatIsWrong) {
    storm_.play_until(kBegin);
    begin_trouble();
    storm_.play_until(end_);
    const Past during = past_of(storm_, kBegin, end_ - 1min);
    const storage::SourceHealth told = health();
    end_trouble();
    storm_.play_until(end_ + kRecovery);
    const Past after = past_of(storm_, kBegin, end_ + kRecovery - 10min);

    Storm& undisturbed = calm(provider_);
    const Past expected_during = past_of(undisturbed, kBegin, end_ - 1min);
    const Past expected = past_of(undisturbed, kBegin, end_ + kRecovery - 10min);
    expect_true(during, expected_during);
    if (provider_ == "esplora") {  // headers without fees are of use at the tip alone
        EXPECT_TRUE(std::ranges::includes(expected.blocks, after.blocks, {}, &domain::Block::height,
                                          &domain::Block::height));
        EXPECT_EQ(after.blocks.back(), expected.blocks.back());
    } else {
        EXPECT_EQ(after.blocks, expected.blocks);
    }
    if (!is_exchange(provider_)) {
        EXPECT_EQ(after.observations, expected.observations) << "revised once it was back";
    }
    const auto last = std::prev(expected.observations.end(),
                                std::min<std::ptrdiff_t>(10, std::ssize(expected.observations)));
    for (auto at = last; at != expected.observations.end(); ++at) {
        EXPECT_EQ(after.observations.at(at->first), at->second) << "as if it had never been";
    }
    if (told.polls_failed == 0) {
        if (trouble_.kind != FaultKind::spike && trouble_.kind != FaultKind::frozen) {
            EXPECT_EQ(during.observations, expected_during.observations) << "then it is harmless";
        }
    } else {
        EXPECT_FALSE(told.last_error.empty());
        EXPECT_EQ(told.last_error.find('\n'), std::string::npos) << told.last_error;
    }
    for (const auto& [name, sent] : storm_.weather.requests) {
        EXPECT_LE(storm_.busiest_minute(name), Storm::budgets().at(name)) << name;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Under, Daemon,
    testing::Combine(testing::Values("mempool", "esplora", "bitcoin_core", "coinbase", "kraken",
                                     "bitstamp", "gemini", "braiins", "luxor"),
                     testing::ValuesIn(troubles())),
    [](const auto& cell) { return std::get<0>(cell.param) + "_" + std::get<1>(cell.param).name; });

// --- reorganizations -----------------------------------------------------------------------------

class Reorg : public testing::TestWithParam<std::tuple<std::string, int>> {
protected:
    static std::vector<domain::BlockHash> hashes(Storm& storm, std::int64_t top, int count) {
        std::vector<domain::BlockHash> all;
        for (std::int64_t height = top; height > top - count; --height) {
            const auto block = storm.db(
                [&](storage::Database& d) { return storage::block_at(d, height).value(); });
            if (block && block->fact.hash) all.push_back(*block->fact.hash);
        }
        return all;
    }
};

TEST_P(Reorg, IsFollowedToTheBlockTheLosersKeptAsideAndADeeperOneIsSaidAndNotBelieved) {
    const auto& [provider, depth] = GetParam();
    constexpr int kDeepest = 100;
    Storm storm({.sources = cast_for(provider)});
    storm.play_until(kBegin);
    const auto tip = storm.db([](storage::Database& d) { return storage::tip(d).value(); });
    const std::int64_t top = tip->fact.height;
    const auto before = hashes(storm, top, 140);

    storm.upstream.reorg(depth);
    storm.play_for(3h);

    const auto after = hashes(storm, top, 140);
    ASSERT_EQ(after.size(), before.size());
    const int replaced = depth <= kDeepest ? depth : 0;
    for (int n = 0; n < static_cast<int>(before.size()); ++n) {
        EXPECT_EQ(after[static_cast<std::size_t>(n)] != before[static_cast<std::size_t>(n)],
                  n < replaced)
            << n << " below the old tip";
    }
    const auto counts = storm.db([](storage::Database& d) { return storage::counts(d).value(); });
    EXPECT_EQ(counts.aside, replaced);
    const auto told =
        storm.db([](storage::Database& d) { return storage::source_health(d).value(); });
    const auto heard = std::ranges::find(told, provider, &storage::SourceHealth::name);
    ASSERT_NE(heard, told.end());
    EXPECT_EQ(heard->last_error.find("another branch") != std::string::npos, depth > kDeepest);
}

INSTANTIATE_TEST_SUITE_P(Of, Reorg,
                         testing::Combine(testing::Values("mempool", "bitcoin_core"),
                                          testing::Values(1, 3, 20, 100, 101, 130)),
                         [](const auto& cell) {
                             return std::get<0>(cell.param) + "_" +
                                    std::to_string(std::get<1>(cell.param));
                         });

}  // namespace
}  // namespace hashprice::ingest
