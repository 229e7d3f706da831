#pragma once
#include <memory>
#include <vector>

#include "domain/clock.hpp"
#include "ingest/sources/source.hpp"
#include "ingest/transport/budget.hpp"

namespace hashprice::ingest {

/// One source as the operator wants it used.
struct SourcePlan {
    SourceOptions options;
    bool enabled = true;
    std::int64_t priority = 50;  ///< lower is asked first for its role
    double requests_per_minute = 6;
};

/// Whom this process may ask, and how often: every enabled source, and one budget a host.
///
///   owns      sources and budgets
///   threads   sources and budgets are thread-safe; the roster itself never changes
///   outlives  the clock must outlive it
///   errors    make: an unknown kind or a base_url that is no URL -> Errc::config
class Roster {
public:
    static domain::Result<std::unique_ptr<Roster>> make(std::vector<SourcePlan> plans,
                                                        domain::Clock& clock);

    /// All of them, by priority and name.
    [[nodiscard]] const std::vector<std::unique_ptr<Source>>& all() const { return sources_; }
    [[nodiscard]] const Source* find(std::string_view name) const;

    /// Those that can play a role, by priority and name.
    [[nodiscard]] std::vector<const Source*> chain() const;
    [[nodiscard]] std::vector<const Source*> fees() const;
    [[nodiscard]] std::vector<const Source*> price() const;
    [[nodiscard]] std::vector<const Source*> comparison() const;

    HostBudgets& budgets() { return budgets_; }

private:
    explicit Roster(domain::Clock& clock) : budgets_(clock) {}

    HostBudgets budgets_;
    std::vector<std::unique_ptr<Source>> sources_;
};

}  // namespace hashprice::ingest
