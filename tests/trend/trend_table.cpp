// Prints the table of docs/episodes.md from a file of daily figures.
//
//   usage: trend_table FILE
//   FILE   CSV with the columns date,price_usd,difficulty,subsidy_sat,fee_sat_mean and a header; a
//          field left empty makes the day a missing one
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <iostream>
#include <string>

#include "domain/hashprice.hpp"
#include "trend/evaluate.hpp"

namespace {

using namespace hashprice;

std::array<std::string, 5> fields_of(const std::string& line) {
    std::array<std::string, 5> fields;
    std::size_t start = 0;
    for (std::string& field : fields) {
        const std::size_t end = std::min(line.find(',', start), line.size());
        field = line.substr(start, end - start);
        start = std::min(end + 1, line.size());
    }
    return fields;
}

double number(const std::string& text) {
    double value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    return error == std::errc{} && stop == end ? value : -1;
}

struct History {
    std::vector<domain::DailyPoint> closes;
    std::vector<domain::DailyInputs> inputs;
};

History read(std::istream& in) {
    History history;
    std::string line;
    std::getline(in, line);  // the header
    while (std::getline(in, line)) {
        const auto f = fields_of(line);
        const auto midnight = domain::parse_range_end(f[0], domain::utc(0));
        if (!midnight) continue;
        const domain::Day day = std::chrono::floor<domain::Days>(*midnight);
        const domain::DailyInputs in_day{day,
                                         std::nullopt,
                                         number(f[1]),
                                         domain::Difficulty{number(f[2])},
                                         domain::Satoshi{static_cast<std::int64_t>(number(f[3]))},
                                         number(f[4])};
        const auto hp = domain::hashprice_of(
            {in_day.difficulty, in_day.subsidy, in_day.fee_sat_mean, in_day.price_usd});
        if (!hp) continue;
        history.closes.push_back({day, hp->usd.value});
        history.inputs.push_back(in_day);
    }
    return history;
}

std::string percent(std::optional<double> ratio) {
    return ratio ? fmt::format("{} %", std::lround(100 * *ratio)) : "";
}

std::string end_of(const domain::Episode& e) {
    if (!e.closure)
        return fmt::format("{} on {}", state_name(e.state), domain::format_date(e.through));
    return fmt::format("{} {}", domain::closure_name(*e.closure), domain::format_date(e.through));
}

std::string value_text(double v) {
    return v < 1000 ? fmt::format("{:.2f}", v) : fmt::format("{:.0f}", v);
}

void print_row(const domain::Episode& e) {
    std::array<std::string, 4> shares;
    if (const auto& a = e.attribution) {
        shares = {percent(a->share(a->price)), percent(a->share(a->difficulty)),
                  percent(a->share(a->fees)), percent(a->share(a->subsidy))};
    }
    const auto active = e.first(domain::EpisodeState::active);
    fmt::print("| {} | {} | {} | {} | {} | {:.1f} % | {} | {} | {} | {} |\n",
               domain::format_date(e.peak.day), active ? domain::format_date(*active) : "",
               domain::format_date(e.trough.day), value_text(e.peak.value),
               value_text(e.trough.value), -100 * e.depth(), e.days_to_trough().count(), end_of(e),
               severity_name(e.severity), fmt::join(shares, " | "));
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: trend_table FILE\n";
        return 2;
    }
    std::ifstream file(argv[1]);
    History history = read(file);
    const auto series = trend::series_of(std::move(history.closes));
    if (!file.eof() || !series) {
        std::cerr << "trend_table: cannot read " << argv[1] << '\n';
        return 1;
    }
    const domain::Rule rule = domain::builtin_rules().front();
    fmt::print(
        "| peak | active | trough | USD/PH/day at peak | at trough | depth | days down | end "
        "| severity | price | difficulty | fees | subsidy |\n");
    fmt::print("|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
    for (domain::Episode& e : trend::evaluate(rule, *series).episodes) {
        trend::explain(e, *series, history.inputs);
        print_row(e);
    }
    return 0;
}
