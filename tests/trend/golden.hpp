#pragma once
#include <cmath>
#include <initializer_list>
#include <string>
#include <vector>

#include "domain/time.hpp"
#include "trend/series.hpp"

namespace hashprice::trend {

inline Day date(const std::string& text) {
    return std::chrono::floor<Days>(domain::parse_range_end(text, domain::utc(0)).value());
}

struct Golden {
    const char* date;
    std::int64_t height;
    double difficulty;
    double mean_fee_sat;
    double price_usd;
    double usd_per_ph_day;
};
constexpr Golden kGolden[] = {
#include "tests/trend/golden_2025.inc"
};

inline Series golden_series() {
    std::vector<DailyPoint> points;
    for (const Golden& g : kGolden) points.push_back({date(g.date), g.usd_per_ph_day});
    return series_of(std::move(points)).value();
}

inline std::vector<DailyInputs> golden_inputs() {
    std::vector<DailyInputs> inputs;
    for (const Golden& g : kGolden) {
        inputs.push_back({date(g.date), g.height, g.price_usd, domain::Difficulty{g.difficulty},
                          domain::Satoshi{312'500'000}, g.mean_fee_sat});
    }
    return inputs;
}

/// Closes of one day after another from 2030-01-01; NAN is a missing day.
inline Series closes(const std::vector<double>& values) {
    std::vector<DailyPoint> points;
    Day day = date("2030-01-01");
    for (const double v : values) {
        points.push_back({day, v});
        day += Days{1};
    }
    return series_of(std::move(points)).value();
}

inline std::vector<double> repeated(double value, std::size_t times) {
    return std::vector<double>(times, value);
}

inline std::vector<double> joined(std::initializer_list<std::vector<double>> parts) {
    std::vector<double> all;
    for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
}

}  // namespace hashprice::trend
