#pragma once
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "ingest/backfill/chain_part.hpp"
#include "ingest/backfill/price_part.hpp"
#include "ingest/collector.hpp"
#include "ingest/roster.hpp"

namespace hashprice::ingest {

struct ChainNews;
/// Instants of the live grid belong to the daemon until it has derived them.
constexpr seconds kGridDelay{10};

struct BackfillOptions {
    Range range;                             ///< observations with from < t <= to
    seconds step = domain::kHour;            ///< of the candles: an hour or a day
    std::vector<std::string> price_sources;  ///< exchanges of the price index
    std::vector<std::string> only;           ///< ask these sources alone; empty: all
    bool force = false;                      ///< ask again for what is stored
    std::chrono::milliseconds timeout{10'000};
    std::function<void(int)> asked;  ///< called with the number of requests so far; may be empty
};

/// What a run would ask, by host.
struct HostPlan {
    std::string host;
    std::vector<std::string> sources;
    int requests{};
    bool at_least{};  ///< what fee windows leave open is known only when they are here
    double requests_per_minute{};
};

struct BackfillSummary {
    std::int64_t fetched{};  ///< facts that came and were not stored already
    std::int64_t added{};
    std::int64_t unchanged{};  ///< asked again, the same as stored
    std::int64_t revised{};
    std::int64_t refused{};       ///< in quarantine, bodies included
    std::int64_t observations{};  ///< written, rewritten or taken away
    int requests{};
    std::vector<MissingPart> missing;  ///< ascending; neighbours of one cause joined
    std::vector<std::string> notes;    ///< what an operator should know, once each
    std::int64_t quiet_spans{};        ///< instants without a trade on any exchange
    bool stopped = false;

    [[nodiscard]] bool complete() const { return missing.empty() && !stopped; }
};

/// In time order, neighbours of one cause as one.   shape  pure
std::vector<MissingPart> joined_parts(std::vector<MissingPart> parts);

struct BackfillProgress {
    int chunk{};  ///< the one just stored, from 1
    int chunks{};
    Range range;          ///< its instants
    BackfillSummary sum;  ///< so far, without missing and notes
};

/// Fills a stretch of the past: what is missing there, and nothing else.
///
///   owns      a transport for each host; one chunk (30 days, or 900 by day) is in memory at a time
///   outlives  everything handed in must live longer
///   threads   one, which holds the writing connection; it sets one out for each further host, so
///             that a chunk takes as long as its slowest host
///   promise   newest chunk first, each stored and derived in one transaction: whenever it ends,
///             it loses at most one chunk and is taken up again from what is stored
///   errors    SQLite's -> Errc::database; a source in `only` that is none -> Errc::usage. What
///             sources fail to bring is no error but a missing part
class Backfill {
public:
    struct Surroundings {
        storage::Database& db;
        Roster& roster;
        MakeTransport transport;  ///< without budgets: the roster's are spent here
        domain::Clock& clock;
        DeriveOptions derive;
        std::stop_token stop;
    };
    Backfill(const Surroundings& around, BackfillOptions options);

    /// Sends nothing.
    domain::Result<std::vector<HostPlan>> plan();
    /// `progress` is called when a chunk is stored.
    domain::Result<BackfillSummary> run(
        const std::function<void(const BackfillProgress&)>& progress);

private:
    struct Exchange {
        const Source* source = nullptr;
        domain::SourceId id{};
        CandleOffer offer;
    };
    /// What one exchange owes to a chunk, and what came of asking it.
    struct Errand {
        const Exchange* exchange = nullptr;
        std::vector<UtcSeconds> held;
        CandlePlan plan;
        CandleCatch caught;
    };
    /// Whoever asks one host.
    struct Lane {
        std::unique_ptr<HttpTransport> http;
        std::unique_ptr<Asker> asker;
    };
    using StoredPrices = std::vector<storage::Sourced<domain::Price>>;
    using Plans = std::map<std::string, HostPlan>;

    // choose.cpp
    domain::Status choose_sources();
    domain::Status choose_prices();
    [[nodiscard]] domain::Status check_wanted() const;
    [[nodiscard]] bool wanted(const Source& source) const;
    domain::Result<std::vector<storage::Sourced<domain::Block>>> stored_blocks(const Chunk& chunk);
    [[nodiscard]] std::vector<Range> missing_of(
        const Chunk& chunk, const std::vector<storage::Sourced<domain::Block>>& stored) const;
    domain::Result<bool> epochs_needed(std::int64_t& from);

    // planned.cpp
    domain::Status plan_chain(const Chunk& chunk, Plans& hosts);
    domain::Status plan_days(const Chunk& chunk, Plans& hosts);
    domain::Status plan_epochs(Plans& hosts);
    domain::Status plan_prices(const Chunk& chunk, Plans& hosts);

    // follow_tip.cpp
    /// Replaces stored blocks by the branch that won; true when it read up to the source's tip.
    domain::Result<bool> follow_tip();
    domain::Status keep_news(const Source& source, const ChainNews& news, std::int64_t stored);

    // backfill.cpp
    [[nodiscard]] Lane new_lane();
    void count(int requests);
    domain::Status run_chunk(const Chunk& chunk);
    domain::FactBatch& batch_of(const Source& source);
    void collect(Asker& asker);
    /// Facts, refused bodies and poll log, in one transaction; then derives.
    domain::Status store();
    void add_to_sum(const Taken& taken);

    // bring_chain.cpp
    domain::Status bring_chain(const Chunk& chunk);
    domain::Status bring_epochs();
    void take_blocks(ChainPart& part);

    // bring_days.cpp
    domain::Status bring_days(const Chunk& chunk);
    domain::Result<std::set<UtcSeconds>> known_days(const Range& instants);
    domain::Result<std::vector<UtcSeconds>> open_days(const Range& instants);
    void ask_days();
    void settle_height(domain::FeeMean& day);

    // bring_prices.cpp
    domain::Result<std::vector<Errand>> errands_of(const Range& instants,
                                                   std::span<const Exchange> exchanges);
    [[nodiscard]] bool asked_beside(const Errand& errand) const;
    std::vector<std::jthread> set_out(std::vector<Errand>& errands);
    void do_errand(Errand& errand, Asker& asker) const;
    domain::Status take_prices(const Chunk& chunk, std::vector<Errand>& errands);
    void take(Errand& errand, std::vector<UtcSeconds>& covered);
    domain::Status bring_the_rest(const Range& instants, std::vector<UtcSeconds>& covered);
    [[nodiscard]] Range settled_instants(const Chunk& chunk) const;
    domain::Result<StoredPrices> stored_prices(const Range& instants);
    [[nodiscard]] CandlePlan candle_plan(const Exchange& exchange, const Range& instants,
                                         std::span<const UtcSeconds> held) const;
    [[nodiscard]] std::optional<UtcSeconds> first_offered() const;
    void note_uncovered(Range instants, const std::vector<UtcSeconds>& covered);
    void note_reach(const Exchange& exchange, UtcSeconds reaches_to);

    Surroundings around_;
    BackfillOptions options_;
    std::mutex db_m_;  ///< guards around_.db while a chunk is brought
    std::mutex count_m_;
    int requests_ = 0;                   // guarded by count_m_
    Lane chain_lane_;                    ///< chain, fees, and prices from their hosts
    std::map<std::string, Lane> lanes_;  ///< by host
    Collector collector_;
    ChainSources chain_;
    std::vector<const Source*> day_fees_;  ///< in the order in which they are asked
    std::vector<Exchange> exchanges_;
    std::vector<Exchange> others_;  ///< no exchanges; asked for what those do not have
    std::vector<BlockFees> edge_;
    std::map<std::string, domain::FactBatch> batches_;
    std::vector<storage::Poll> polls_;
    std::set<std::string> noted_;  ///< whose reach is told
    std::vector<Range> unheard_;   ///< of prices: who was asked for them did not answer
    bool epochs_asked_ = false;
    bool at_tip_ = false;  ///< what is stored ends at the source's tip
    bool days_asked_ = false;
    const Source* days_from_ = nullptr;
    std::vector<domain::FeeMean> days_;
    std::string days_trouble_;
    BackfillSummary sum_;
};

}  // namespace hashprice::ingest
