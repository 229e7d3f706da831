#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/facts.hpp"
#include "ingest/sources/visit.hpp"

/// What pollers and backfills may ask, without knowing whom.
///
///   threads  sources are immutable: thread-safe as long as each thread brings its own Visit
///   errors   what HttpTransport says; a status other than 200 -> Errc::http_status; a body that
///            is not as promised -> Errc::bad_payload, or out_of_range where the form is right and
///            the content cannot be true. One bad row refuses the whole body, which then stays in
///            Visit::refused_body.
namespace hashprice::ingest {

/// Who knows the chain.
class ChainSource {
public:
    ChainSource() = default;
    ChainSource(const ChainSource&) = delete;
    ChainSource& operator=(const ChainSource&) = delete;
    virtual ~ChainSource() = default;

    virtual domain::Result<std::int64_t> tip_height(Visit& visit) const = 0;

    /// The block at `top` and those below it, ascending, up to page_size of them and linked to each
    /// other by parent; those above the source's tip are left out, so it may be empty.
    virtual domain::Result<std::vector<domain::Block>> blocks_to(Visit& visit,
                                                                 std::int64_t top) const = 0;
    [[nodiscard]] virtual int page_size() const = 0;

    /// Whether its blocks carry fees.
    [[nodiscard]] virtual bool has_fees() const = 0;

    /// Epochs that start at or above `from_height`, ascending; epochs_per_visit says how many at
    /// most. An epoch whose bits are those of the one before may be left out.
    virtual domain::Result<std::vector<domain::Epoch>> epochs_from(
        Visit& visit, std::int64_t from_height) const = 0;
    [[nodiscard]] virtual int epochs_per_visit() const = 0;
};

/// The fees of one block, as fee histories know it: neither hash nor bits.
struct BlockFees {
    std::int64_t height{};
    domain::UtcSeconds time;
    domain::Satoshi fees;
    /// Surely one block: it is not several of the same second merged into one row, nor next to a
    /// row that may be. Only then are height and fees to be believed.
    bool exact{};
    friend bool operator==(const BlockFees&, const BlockFees&) = default;
};

/// The fees of one UTC day: the mean per block, or the sum of all its blocks.
struct DayFees {
    domain::UtcSeconds end;  ///< 24:00 of the day
    std::optional<domain::Satoshi> mean;
    std::optional<domain::Satoshi> total;
    std::optional<std::int64_t> mean_height;  ///< of the day's blocks, rounded
    friend bool operator==(const DayFees&, const DayFees&) = default;
};

/// Who knows fees of the past without paging through all blocks.
class FeeSource {
public:
    FeeSource() = default;
    FeeSource(const FeeSource&) = delete;
    FeeSource& operator=(const FeeSource&) = delete;
    virtual ~FeeSource() = default;

    /// Longest range that block_fees answers per block; 0: it has only days.
    [[nodiscard]] virtual domain::seconds block_window() const = 0;

    /// Rows of blocks with header times in [from, to), ascending by height; the newest may still
    /// be missing. Rows at both ends are never exact: let ranges overlap by some blocks.
    virtual domain::Result<std::vector<BlockFees>> block_fees(Visit& visit,
                                                              domain::Range range) const = 0;

    /// Whole UTC days that end in (from, to], ascending.
    virtual domain::Result<std::vector<DayFees>> day_fees(Visit& visit,
                                                          domain::Range range) const = 0;
};

/// What candles a source offers.
struct CandleOffer {
    int per_request{};                     ///< a range holds at most this many
    domain::UtcSeconds earliest;           ///< nothing before
    std::optional<domain::seconds> reach;  ///< only the newest stretch of this length, if set
};

/// Who knows prices of one BTC in USD.
class PriceSource {
public:
    PriceSource() = default;
    PriceSource(const PriceSource&) = delete;
    PriceSource& operator=(const PriceSource&) = delete;
    virtual ~PriceSource() = default;

    /// The newest price with the source's own time: judge a frozen feed by its age.
    virtual domain::Result<domain::Price> tick(Visit& visit) const = 0;
    /// Whether that time is the end of a minute rather than the moment of a trade: then it is best
    /// asked soon after one.
    [[nodiscard]] virtual bool ticks_by_minute() const { return false; }

    /// Whether one can trade there. Others (a mean over exchanges, by the day) are asked only for
    /// what no exchange has.
    [[nodiscard]] virtual bool is_exchange() const { return true; }

    /// none: it has no such candles.
    [[nodiscard]] virtual std::optional<CandleOffer> candle_offer(domain::seconds span) const = 0;

    /// Closes of the candles that lie whole within [from, to) and are closed at visit.now,
    /// ascending. Spans without trades have none.
    /// errors  a span or range that is not offered -> Errc::usage
    virtual domain::Result<std::vector<domain::Price>> candles(Visit& visit, domain::Range range,
                                                               domain::seconds span) const = 0;
};

/// A hash price as somebody else published it, for comparison only.
struct PublishedHashprice {
    domain::UtcSeconds time;
    double usd_per_ph_day{};
    friend bool operator==(const PublishedHashprice&, const PublishedHashprice&) = default;
};

class ComparisonSource {
public:
    ComparisonSource() = default;
    ComparisonSource(const ComparisonSource&) = delete;
    ComparisonSource& operator=(const ComparisonSource&) = delete;
    virtual ~ComparisonSource() = default;
    /// The newest figures, ascending; not empty.
    virtual domain::Result<std::vector<PublishedHashprice>> published(Visit& visit) const = 0;
};

struct SourceOptions {
    std::string name;
    std::string kind;  ///< one of source_kinds()
    std::string base_url;
    std::string cookie_file;   ///< bitcoin_core
    std::string rpc_user;      ///< bitcoin_core, instead of the cookie
    std::string rpc_password;  ///< secret
    std::string api_key;       ///< secret; luxor
};

/// A configured provider and the roles it can play: nullptr for those it cannot.
class Source {
public:
    explicit Source(SourceOptions options) : options_(std::move(options)) {}
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;
    virtual ~Source() = default;

    [[nodiscard]] const std::string& name() const { return options_.name; }
    [[nodiscard]] const std::string& base_url() const { return options_.base_url; }
    [[nodiscard]] virtual const ChainSource* chain() const { return nullptr; }
    [[nodiscard]] virtual const FeeSource* fees() const { return nullptr; }
    [[nodiscard]] virtual const PriceSource* price() const { return nullptr; }
    [[nodiscard]] virtual const ComparisonSource* comparison() const { return nullptr; }

protected:
    [[nodiscard]] const SourceOptions& options() const { return options_; }

private:
    SourceOptions options_;
};

/// errors  an unknown kind, or a base_url that is not http or https -> Errc::config
domain::Result<std::unique_ptr<Source>> make_source(SourceOptions options);
const std::vector<std::string_view>& source_kinds();

}  // namespace hashprice::ingest
