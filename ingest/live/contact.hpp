#pragma once
#include <functional>

#include "ingest/live/breaker.hpp"
#include "ingest/live/outage.hpp"
#include "ingest/live/pace.hpp"
#include "ingest/live/writer.hpp"
#include "ingest/sources/source.hpp"
#include "ingest/transport/budget.hpp"

namespace hashprice::ingest {

/// What every poller works with.   outlives  all of it must outlive the pollers
struct Surroundings {
    Writer& writer;
    const Notices& notices;
    HostBudgets& budgets;
    domain::Clock& clock;
    milliseconds timeout{10'000};
    std::uint64_t seed = 1;  ///< of the jitter
    seconds max_age{300};    ///< of a price: an older one is stale
};

/// One source as one poller deals with it: asks, has written down whatever came of it, and leaves
/// it alone for longer with each failure. What its host asked for (403, 418, 429, Retry-After) is
/// stored, and kept to whoever was asked so.
///
///   threads   one
///   outlives  source and transport must outlive it
class Contact {
public:
    Contact(const Source& source, HttpTransport& http, const BreakerPlan& plan,
            const Surroundings& around);

    /// `ask` puts what it learns into the findings; what it learned before an error counts too.
    using Ask = std::function<domain::Status(Visit&, Findings&)>;
    /// False: it failed, or was stopped.
    bool attempt(const Ask& ask, const std::stop_token& stop);

    [[nodiscard]] const Source& source() const { return source_; }
    /// How long it is to be left alone yet.
    [[nodiscard]] milliseconds wait() const;
    [[nodiscard]] bool left() const { return breaker_.left(); }
    /// Why it cannot be used, as far as it was tried; empty when it works.
    [[nodiscard]] const std::string& trouble() const { return trouble_; }
    std::mt19937_64& random() { return random_; }

private:
    void failed(const Visit& visit, const domain::Error& error);
    /// What the attempt says about the source, where that is another thing than before.
    [[nodiscard]] std::optional<Change> change_now(const std::string& trouble, UtcSeconds now);
    void take(Findings& found);
    [[nodiscard]] milliseconds host_wait() const;

    const Source& source_;
    HttpTransport& http_;
    Surroundings around_;
    std::mt19937_64 random_;
    std::string host_;
    Breaker breaker_;
    Outage outage_;
    bool ever_worked_ = false;
    std::optional<Change> unrecorded_;  ///< because the database could not be written
    std::string trouble_;
};

}  // namespace hashprice::ingest
