#include "tests/support/fake_world.hpp"

#include <algorithm>
#include <cmath>

#include "domain/consensus.hpp"

namespace hashprice::fake {

using domain::Block;
using domain::BlockHash;
using domain::MicroUsd;
using domain::Satoshi;

World::World(const std::filesystem::path& data) {
    read_blocks(data / "blocks.txt");
    read_epochs(data / "epochs.txt");
    read_hours(data / "hours.txt");
    read_days(data / "days.txt");
    settle_effective_times();
}

void World::settle_effective_times() {
    UtcSeconds latest;
    for (Raw& raw : blocks_) {
        latest = std::max(latest, raw.time);
        raw.effective = latest;
    }
}

const World::Raw* World::raw(std::int64_t height) const {
    const std::int64_t at = height - first_height_;
    if (at < 0 || at >= static_cast<std::int64_t>(blocks_.size())) return nullptr;
    const Raw& raw = blocks_[static_cast<std::size_t>(at)];
    return raw.time == UtcSeconds{} ? nullptr : &raw;
}

World::Raw* World::raw(std::int64_t height) {
    return const_cast<Raw*>(std::as_const(*this).raw(height));
}

UtcSeconds World::effective_time(std::int64_t height) const {
    const Raw* at = raw(height);
    return at != nullptr ? at->effective : UtcSeconds{};
}

std::int64_t World::tip(UtcSeconds now) const {
    const auto above = std::ranges::upper_bound(blocks_, now, {}, &Raw::effective);
    std::int64_t height = first_height_ + (above - blocks_.begin()) - 1;
    while (height >= first_height_ && raw(height) == nullptr) --height;
    return height >= first_height_ ? height : height_near(now);
}

std::int64_t World::height_near(UtcSeconds t) const {
    const auto next = std::ranges::upper_bound(epochs_, t, {}, &domain::Epoch::start_time);
    if (next == epochs_.begin()) return 0;
    const domain::Epoch& epoch = *std::prev(next);
    const seconds length =
        next == epochs_.end() ? domain::kTargetTimespan : next->start_time - epoch.start_time;
    return epoch.start_height +
           std::min(domain::kBlocksPerEpoch - 1,
                    (t - epoch.start_time).count() * domain::kBlocksPerEpoch / length.count());
}

std::uint16_t World::branch_of(std::int64_t height, UtcSeconds now) const {
    std::uint16_t branch = 0;
    for (const Branch& b : branches_) {
        if (height >= b.from && height <= b.to && now >= b.since) ++branch;
    }
    return branch;
}

/// Twelve zero bytes meet every target of the years served; branch and height stand at the end.
BlockHash World::hash_of(std::int64_t height, UtcSeconds now) const {
    const std::uint16_t branch = branch_of(height, now);
    BlockHash hash;
    auto state = static_cast<std::uint64_t>(height) * 65'536 + branch;
    for (std::size_t i = 12; i < 26; ++i) {
        state = state * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL;
        hash.bytes.at(i) = static_cast<std::uint8_t>(state >> 56U);
    }
    hash.bytes[26] = static_cast<std::uint8_t>(branch >> 8U);
    hash.bytes[27] = static_cast<std::uint8_t>(branch);
    for (std::size_t i = 0; i < 4; ++i) {
        hash.bytes.at(28 + i) =
            static_cast<std::uint8_t>(static_cast<std::uint64_t>(height) >> (24 - 8 * i));
    }
    return hash;
}

std::int64_t height_in(const BlockHash& hash) {
    std::int64_t height = 0;
    for (std::size_t i = 28; i < 32; ++i) height = height * 256 + hash.bytes.at(i);
    return height;
}

std::optional<WorldBlock> World::block(std::int64_t height, UtcSeconds now) const {
    const Raw* at = raw(height);
    if (at == nullptr || at->effective > now) return std::nullopt;
    const std::uint16_t branch = branch_of(height, now);
    WorldBlock out;
    out.block.height = height;
    out.block.hash = hash_of(height, now);
    if (height > 0) out.block.parent = hash_of(height - 1, now);
    out.block.time = at->time + seconds{7 * branch};
    out.block.bits = at->bits;
    out.block.fees = at->fees + Satoshi{100'000L * branch};
    out.transactions = at->transactions;
    return out;
}

std::optional<WorldBlock> World::header(std::int64_t height, UtcSeconds now) const {
    if (auto known = block(height, now)) return known;
    const auto epoch = std::ranges::lower_bound(epochs_, height, {}, &domain::Epoch::start_height);
    if (epoch == epochs_.end() || epoch->start_height != height || epoch->start_time > now) {
        return std::nullopt;
    }
    WorldBlock out;
    out.block.height = height;
    out.block.hash = hash_of(height, now);
    if (height > 0) out.block.parent = hash_of(height - 1, now);
    out.block.time = epoch->start_time;
    out.block.bits = epoch->bits;
    return out;
}

void World::reorg(int blocks, UtcSeconds now) {
    const std::int64_t top = tip(now);
    const Raw* next = raw(top + 1);
    branches_.push_back({top - blocks + 1, top, next != nullptr ? next->effective : now});
}

void World::fill_hole() {
    constexpr Satoshi kFee{2'000'000};
    for (auto height = first_height_ + 1;
         height < first_height_ + static_cast<std::int64_t>(blocks_.size()); ++height) {
        if (raw(height) != nullptr) continue;
        // to the next block whose time is known: one that is there, or the first of an epoch
        const UtcSeconds before = raw(height - 1)->time;
        std::int64_t known = height;
        while (raw(known) == nullptr && !domain::is_retarget(known)) ++known;
        const auto epoch = epochs_.at(static_cast<std::size_t>(height / domain::kBlocksPerEpoch));
        const UtcSeconds after =
            raw(known) != nullptr
                ? raw(known)->time
                : epochs_.at(static_cast<std::size_t>(known / domain::kBlocksPerEpoch)).start_time;
        Raw& made = blocks_[static_cast<std::size_t>(height - first_height_)];
        made.time = before + (after - before) / (known - height + 1);
        made.bits = epoch.bits;
        made.fees = kFee;
        made.transactions = 2500;
    }
    settle_effective_times();
}

const World::Hour* World::hour_at(UtcSeconds start) const {
    const auto at = (start - first_hour_) / domain::kHour;
    if (start < first_hour_ || at >= static_cast<std::int64_t>(hours_.size())) return nullptr;
    return &hours_[static_cast<std::size_t>(at)];
}

double World::usd_at(UtcSeconds t) const {
    const auto hour_start = std::chrono::floor<std::chrono::hours>(t);
    if (const Hour* hour = hour_at(hour_start)) {
        const double part = static_cast<double>((t - hour_start).count()) / 3600.0;
        return hour->open + (hour->close - hour->open) * part;
    }
    const auto day_start = std::chrono::floor<std::chrono::days>(t);
    const auto day = (day_start - first_day_) / domain::kDay;
    const auto days = static_cast<std::int64_t>(day_closes_.size());
    if (day <= 0) return day_closes_.front();
    if (day >= days) return day_closes_.back();
    const double from = day_closes_[static_cast<std::size_t>(day - 1)];
    const double to = day_closes_[static_cast<std::size_t>(day)];
    return from + (to - from) * static_cast<double>((t - day_start).count()) / 86'400.0;
}

MicroUsd World::price_at(UtcSeconds t) const {
    return MicroUsd{std::llround(usd_at(t) * 100.0) * 10'000};  // exchanges quote cents
}

WorldCandle World::candle(UtcSeconds start, seconds span, UtcSeconds now) const {
    const UtcSeconds end = std::min(start + span, std::max(now, start));
    WorldCandle candle{start, price_at(start), {}, {}, price_at(end)};
    candle.high = std::max(candle.open, candle.close);
    candle.low = std::min(candle.open, candle.close);
    for (UtcSeconds t = start; t + domain::kHour <= end; t += domain::kHour) {
        candle.high = std::max(candle.high, price_at(t));
        candle.low = std::min(candle.low, price_at(t));
        if (const Hour* hour = hour_at(t)) {
            candle.high = std::max(candle.high, MicroUsd{std::llround(hour->high * 100) * 10'000});
            candle.low = std::min(candle.low, MicroUsd{std::llround(hour->low * 100) * 10'000});
        }
    }
    return candle;
}

std::optional<Satoshi> World::day_fee_mean(UtcSeconds day_start) const {
    const auto found = day_fees_.find(day_start);
    return found == day_fees_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace hashprice::fake
