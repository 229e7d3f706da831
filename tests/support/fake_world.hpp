#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <vector>

#include "domain/facts.hpp"
#include "domain/time.hpp"

/// The facts that the fake upstream serves: real figures, seen from a present that can be moved.
///
///   threads  external lock
namespace hashprice::fake {

using domain::seconds;
using domain::UtcSeconds;

struct WorldBlock {
    domain::Block block;  ///< no fees: only its header is known, as first block of an epoch
    int transactions{};
};

struct WorldCandle {
    UtcSeconds start;
    domain::MicroUsd open, high, low, close;
};

class World {
public:
    /// Reads the files of tests/support/data; throws std::runtime_error when they are not there.
    explicit World(const std::filesystem::path& data);

    /// Highest block whose effective time is not after `now`.
    [[nodiscard]] std::int64_t tip(UtcSeconds now) const;
    [[nodiscard]] UtcSeconds effective_time(std::int64_t height) const;
    /// none: not there yet at `now`, or in the hole, or outside the figures.
    [[nodiscard]] std::optional<WorldBlock> block(std::int64_t height, UtcSeconds now) const;
    /// The same, and the first block of every epoch besides.
    [[nodiscard]] std::optional<WorldBlock> header(std::int64_t height, UtcSeconds now) const;
    [[nodiscard]] std::int64_t first_height() const { return first_height_; }
    [[nodiscard]] const std::vector<domain::Epoch>& epochs() const { return epochs_; }
    /// Of any time since genesis, drawn as a straight line within an epoch.
    [[nodiscard]] std::int64_t height_near(UtcSeconds t) const;

    /// The last `blocks` blocks at `now` are replaced by another branch, which shows as soon as
    /// the next block is there: a branch wins by being longer.
    void reorg(int blocks, UtcSeconds now);
    /// Makes up the missing blocks: evenly spaced, 2,000,000 sat of fees each.
    void fill_hole();

    [[nodiscard]] domain::MicroUsd price_at(UtcSeconds t) const;
    /// Open at `now` if it ends later.
    [[nodiscard]] WorldCandle candle(UtcSeconds start, seconds span, UtcSeconds now) const;
    [[nodiscard]] std::optional<domain::Satoshi> day_fee_mean(UtcSeconds day_start) const;
    [[nodiscard]] UtcSeconds first_day() const { return first_day_; }

private:
    struct Raw {
        UtcSeconds time;  ///< epoch start of the clock: not there
        domain::Bits bits;
        domain::Satoshi fees;
        int transactions{};
        UtcSeconds effective;
    };
    struct Branch {
        std::int64_t from{};
        std::int64_t to{};
        UtcSeconds since;
    };
    struct Hour {
        double open{}, high{}, low{}, close{};
    };
    void read_blocks(const std::filesystem::path& file);
    void read_epochs(const std::filesystem::path& file);
    void read_hours(const std::filesystem::path& file);
    void read_days(const std::filesystem::path& file);
    void settle_effective_times();
    [[nodiscard]] const Raw* raw(std::int64_t height) const;
    [[nodiscard]] Raw* raw(std::int64_t height);
    [[nodiscard]] std::uint16_t branch_of(std::int64_t height, UtcSeconds now) const;
    [[nodiscard]] domain::BlockHash hash_of(std::int64_t height, UtcSeconds now) const;
    [[nodiscard]] const Hour* hour_at(UtcSeconds start) const;
    [[nodiscard]] double usd_at(UtcSeconds t) const;

    std::int64_t first_height_{};
    std::vector<Raw> blocks_;  ///< from first_height_ on, holes included
    std::vector<Branch> branches_;
    std::vector<domain::Epoch> epochs_;
    UtcSeconds first_hour_;
    std::vector<Hour> hours_;
    UtcSeconds first_day_;
    std::vector<double> day_closes_;
    std::map<UtcSeconds, domain::Satoshi> day_fees_;
};

/// The height that a made-up hash was made for.
std::int64_t height_in(const domain::BlockHash& hash);

}  // namespace hashprice::fake
