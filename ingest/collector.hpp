#pragma once
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "ingest/derive/derive.hpp"
#include "storage/record.hpp"

namespace hashprice::ingest {

/// What the operator may say about the price index, by source name.
struct PriceRules {
    std::vector<std::string> sources{"coinbase", "kraken", "bitstamp"};
    IndexMethod method = IndexMethod::mean;
    int min_sources = 2;
    seconds max_age{300};
    double max_deviation = 0.03;
    seconds grid{60};
};

/// The same by source id, as this database knows them.
domain::Result<DeriveOptions> derive_options(storage::Database& db, const PriceRules& rules);

struct Taken {
    storage::Recorded recorded;
    Derived derived;
};

/// The one way in: whatever brings facts (poller, backfill, starter history, import) enters here
/// and shares all that follows. Facts, and what they change in observations and bars, are one
/// transaction.
///
///   threads  one thread at a time; it holds the writing connection
///   errors   SQLite's -> Errc::database, and what `bring` returns: then nothing was written
class Collector {
public:
    Collector(storage::Database& db, DeriveOptions options) : db_(db), options_(options) {}

    /// Instants of the live grid after `horizon` wait for the grid's own tick.
    domain::Result<Taken> take(const domain::FactBatch& batch, UtcSeconds horizon, UtcSeconds now);
    /// A branch of the chain that replaces what is stored from its lowest height on.
    domain::Result<Taken> take_branch(const domain::FactBatch& batch, UtcSeconds horizon,
                                      UtcSeconds now);

    /// Facts, then a branch if it has blocks, then what `also` writes once it is known what became
    /// of them (the outcome of the attempt, say): one transaction.
    using Also = std::function<domain::Status(const Taken&)>;
    domain::Result<Taken> take_both(const domain::FactBatch& batch, const domain::FactBatch& branch,
                                    UtcSeconds horizon, UtcSeconds now, const Also& also);

    /// Several batches as one: `bring` calls the function it is given for each of them.
    using Sink = std::function<domain::Status(const domain::FactBatch&)>;
    domain::Result<Taken> take_all(const std::function<domain::Status(const Sink&)>& bring,
                                   UtcSeconds horizon, UtcSeconds now);

    /// What an operator decides about stored or refused facts: `work` changes them, and what that
    /// touches is derived again in the same transaction.
    using Decision = std::function<domain::Result<storage::Recorded>(storage::Database&)>;
    domain::Result<Taken> decide(const Decision& work, UtcSeconds horizon, UtcSeconds now);

    /// Derives (from, to] again from what is stored.
    domain::Result<Derived> recompute(UtcSeconds from, UtcSeconds to, UtcSeconds now);

    [[nodiscard]] const DeriveOptions& options() const { return options_; }

private:
    domain::Status add_branch(const domain::FactBatch& branch, storage::Recorded& recorded);

    storage::Database& db_;
    DeriveOptions options_;
};

/// Imports the starter history, once in the life of a database, and only into one without facts.
domain::Status import_starter(storage::Database& db, Collector& collector, UtcSeconds now);

}  // namespace hashprice::ingest
