#pragma once
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "service/judge/judge.hpp"
#include "storage/bars.hpp"

/// A database whose days close as a test says.
namespace hashprice::service::judge {

using domain::Bits;
using domain::Observation;
using domain::seconds;
using storage::Database;

const Day kFirstDay{Days{21915}};  // 2030-01-01

inline UtcSeconds close_time(Day day) { return UtcSeconds{day} + domain::kDay; }
/// An hour after the close of the n-th day.
inline UtcSeconds after(int n) { return close_time(kFirstDay + Days{n}) + domain::kHour; }

inline Observation observed(UtcSeconds t, double usd) {
    return {.time = t,
            .span = seconds{3600},
            .height = 900'000,
            .bits = Bits{0x1701d936},
            .fee_sum = domain::Satoshi{144'000'000},
            .fee_blocks = 144,
            .price_usd = 1000 * usd,
            .usd_per_ph_day = usd,
            .sat_per_ph_day = 50'000};
}

/// Days from kFirstDay on; NAN is a day without a close.
inline void put_closes(Database& db, const std::vector<double>& usd) {
    std::vector<Observation> observations;
    for (std::size_t i = 0; i < usd.size(); ++i) {
        const Day day = kFirstDay + Days{static_cast<int>(i)};
        if (!std::isnan(usd[i])) observations.push_back(observed(close_time(day), usd[i]));
    }
    const UtcSeconds first{kFirstDay};
    const UtcSeconds last = first + domain::kDay * static_cast<int>(usd.size());
    const auto done = storage::in_transaction(db, [&]() -> domain::Status {
        const auto changed = storage::replace_observations(db, first, last, observations, last);
        if (!changed) return tl::unexpected(changed.error());
        return storage::rebuild_bars(db, first, last);
    });
    ASSERT_TRUE(done) << done.error().what;
}

inline History history(Database& db, UtcSeconds now) {
    auto read = history_of(db, now);
    EXPECT_TRUE(read);
    return read.value_or(History{});
}

inline std::vector<double> repeated(double value, std::size_t times) {
    return std::vector<double>(times, value);
}
inline std::vector<double> joined(std::initializer_list<std::vector<double>> parts) {
    std::vector<double> all;
    for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
}

}  // namespace hashprice::service::judge
