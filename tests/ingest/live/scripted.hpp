#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "domain/consensus.hpp"
#include "ingest/sources/source.hpp"

/// Sources without a network, that say what a test tells them to.
namespace hashprice::ingest {

/// Never asked: scripted sources answer by themselves.
class NoTransport final : public HttpTransport {
public:
    domain::Result<HttpResponse> send(const HttpRequest&, const std::stop_token&) override {
        return domain::fail(domain::Errc::network, "no network in this test");
    }
};

/// A hash that names its height and branch.
inline domain::BlockHash hash_of(std::int64_t height, char branch) {
    domain::BlockHash hash;
    hash.bytes[20] = static_cast<std::uint8_t>(branch);
    for (std::size_t i = 0; i < 8; ++i) {
        hash.bytes.at(31 - i) =
            static_cast<std::uint8_t>(static_cast<std::uint64_t>(height) >> (8 * i));
    }
    return hash;
}

class ScriptedChain final : public Source, public ChainSource {
public:
    explicit ScriptedChain(std::string name = "mempool")
        : Source({.name = std::move(name), .kind = "mempool", .base_url = "http://127.0.0.1:1"}) {}

    /// Blocks of `branch` from `from` to `to`; what stood above `to` is gone.
    void lay(std::int64_t from, std::int64_t to, char branch = 'a') {
        blocks.erase(blocks.upper_bound(to), blocks.end());
        for (std::int64_t height = from; height <= to; ++height) {
            const auto below = blocks.find(height - 1);
            domain::Block block{
                .height = height,
                .hash = hash_of(height, branch),
                .parent = below == blocks.end() ? hash_of(height - 1, branch) : *below->second.hash,
                .time = domain::utc(1'760'000'000 + 600 * (height - 920'000)),
                .bits = bits,
                .fees = domain::Satoshi{1'000'000}};
            if (!with_fees) block.fees.reset();
            blocks[height] = block;
        }
    }

    [[nodiscard]] const ChainSource* chain() const override { return this; }
    domain::Result<std::int64_t> tip_height(Visit&) const override {
        if (error) return tl::unexpected(*error);
        return told_tip.value_or(blocks.rbegin()->first);
    }
    domain::Result<std::vector<domain::Block>> blocks_to(Visit&, std::int64_t top) const override {
        ++pages;
        if (error) return tl::unexpected(*error);
        if (pages_until_error && pages > *pages_until_error)
            return domain::fail(domain::Errc::timeout, "no answer within the deadline");
        std::vector<domain::Block> page;
        for (std::int64_t height = top - page_size() + 1; height <= top; ++height) {
            const auto found = blocks.find(height);
            if (found != blocks.end()) page.push_back(found->second);
        }
        return page;
    }
    [[nodiscard]] int page_size() const override { return 15; }
    [[nodiscard]] bool has_fees() const override { return with_fees; }
    domain::Result<std::vector<domain::Epoch>> epochs_from(Visit&, std::int64_t) const override {
        return std::vector<domain::Epoch>{};
    }
    [[nodiscard]] int epochs_per_visit() const override { return 1; }

    std::map<std::int64_t, domain::Block> blocks;
    domain::Bits bits{0x1701d936};
    bool with_fees = true;
    std::optional<std::int64_t> told_tip;
    std::optional<domain::Error> error;
    std::optional<int> pages_until_error;
    mutable int pages = 0;
};

class ScriptedPrice final : public Source, public PriceSource {
public:
    explicit ScriptedPrice(std::string name = "kraken")
        : Source({.name = std::move(name), .kind = "kraken", .base_url = "http://127.0.0.1:1"}) {}
    [[nodiscard]] const PriceSource* price() const override { return this; }
    domain::Result<domain::Price> tick(Visit& visit) const override {
        if (error) return tl::unexpected(*error);
        return domain::Price{visit.now, domain::seconds{0}, domain::MicroUsd{95'000'000'000}};
    }
    [[nodiscard]] std::optional<CandleOffer> candle_offer(domain::seconds) const override {
        return std::nullopt;
    }
    domain::Result<std::vector<domain::Price>> candles(Visit&, domain::Range,
                                                       domain::seconds) const override {
        return domain::fail(domain::Errc::usage, "no candles");
    }
    std::optional<domain::Error> error;
};

}  // namespace hashprice::ingest
