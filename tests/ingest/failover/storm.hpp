#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "ingest/live/routines.hpp"
#include "tests/support/fake_upstream.hpp"
#include "tests/support/sim_clock.hpp"

namespace hashprice::ingest {

/// What becomes of requests on their way: each provider has a host of its own, counts what comes
/// to it, and fails as often as it is told to.
struct Weather {
    fake::FakeUpstream& upstream;
    fake::SimClock& clock;
    std::mt19937_64 random{20251115};
    double faults = 0.0;  ///< part of the requests that fail
    std::map<std::string, std::vector<milliseconds>> requests{};  ///< by provider
    /// The minutes in which a provider answered, by its name.
    std::map<std::string, std::set<UtcSeconds>> served{};
    std::map<std::string, int> struck{};  ///< by fault
    /// Base URLs of providers that are to be sought elsewhere than on the fake upstream.
    std::map<std::string, std::string> detours{};
    std::map<std::string, milliseconds> patience{};  ///< with a provider, where it is shorter
};

/// Live polling under a weather, with the requests a minute that an operator would set.
class Storm {
public:
    static constexpr UtcSeconds kStart = domain::utc(1'763'164'800);  // 2025-11-15T00:00:00Z
    struct Cast {
        std::vector<std::string> sources{"mempool", "esplora", "coinbase", "bitstamp", "gemini"};
        milliseconds timeout{10'000};
        UtcSeconds start = kStart;
        std::filesystem::path database{};  ///< none: in memory
    };
    Storm() : Storm(Cast{}) {}
    explicit Storm(const Cast& cast);
    void play_until(UtcSeconds t);
    void play_for(seconds time) { play_until(clock.now() + time); }
    /// The most requests that came to a provider within a minute.
    [[nodiscard]] std::size_t busiest_minute(const std::string& provider) const;
    template <class Work>
    auto db(Work&& work) {
        return writer_->alone(std::forward<Work>(work));
    }
    static const std::map<std::string, double>& budgets();  ///< requests a minute, by provider

    fake::SimClock clock;
    fake::FakeUpstream upstream;
    Weather weather{upstream, clock};

private:
    struct Player {
        std::unique_ptr<Routine> routine;
        milliseconds due{};
    };
    Notices notices_;
    std::unique_ptr<Roster> roster_;
    std::unique_ptr<Writer> writer_;
    std::vector<Player> players_;
};

}  // namespace hashprice::ingest
