#include "domain/rule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "domain/printable.hpp"

namespace hashprice::domain {
namespace {

constexpr std::array kKinds{std::pair{RuleKind::drawdown, std::string_view{"drawdown"}},
                            std::pair{RuleKind::level, std::string_view{"level"}},
                            std::pair{RuleKind::rate, std::string_view{"rate"}}};
constexpr std::array kDenominations{std::pair{Denomination::usd, std::string_view{"usd"}},
                                    std::pair{Denomination::btc, std::string_view{"btc"}},
                                    std::pair{Denomination::sat, std::string_view{"sat"}}};
constexpr std::size_t kLongestName = 64;
constexpr Days kLongestWindow{3660};
constexpr int kLongestHold = 366;

template <class Table, class Key>
std::string_view name_in(const Table& table, Key key) {
    return std::ranges::find(table, key, &Table::value_type::first)->second;
}

bool good_name(std::string_view name) {
    constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789-_.";
    return !name.empty() && name.size() <= kLongestName &&
           name.find_first_not_of(kAllowed) == std::string_view::npos;
}

bool ratio(double x) { return std::isfinite(x) && x > 0 && x < 1; }
bool share(double x) { return std::isfinite(x) && x > 0 && x <= 1; }
bool hold(int n) { return n >= 1 && n <= kLongestHold; }
bool span(Days n) { return n >= Days{1} && n <= kLongestWindow; }

struct Demand {
    bool met;
    std::string_view what;
};

std::vector<Demand> demands_on(const Rule& r) {
    std::vector<Demand> all{
        {good_name(r.name), "name must be 1 to 64 of a-z, 0-9, '-', '_' and '.'"},
        {span(r.window), "window must be 1d to 3660d"},
        {hold(r.open_for), "open_for must be 1 to 366 days"},
        {hold(r.close_for), "close_for must be 1 to 366 days"},
        {ratio(r.warning_depth), "warning_depth must lie between 0 and 1"},
        {ratio(r.critical_depth) && r.critical_depth >= r.warning_depth,
         "critical_depth must lie between warning_depth and 1"}};
    if (r.kind == RuleKind::drawdown) {
        all.push_back({ratio(r.open_depth), "open_depth must lie between 0 and 1"});
        all.push_back({share(r.recover_share), "recover_share must lie above 0, at most 1"});
        all.push_back({share(r.close_share) && r.close_share >= r.recover_share,
                       "close_share must lie between recover_share and 1"});
        all.push_back({span(r.settle_after), "settle_after must be 1d to 3660d"});
    } else if (r.kind == RuleKind::level) {
        all.push_back({std::isfinite(r.below) && r.below > 0, "below must be a figure above 0"});
        all.push_back({std::isfinite(r.rearm_above) && r.rearm_above >= r.below,
                       "rearm_above must be a figure not under `below`"});
    } else {
        all.push_back({ratio(r.fall), "fall must lie between 0 and 1"});
        all.push_back({span(r.fall_days), "days must be 1 to 3660"});
        all.push_back({share(r.fall_rearm_share), "fall_rearm_share must lie above 0, at most 1"});
    }
    return all;
}

}  // namespace

std::vector<Rule> builtin_rules() { return {Rule{.name = "sustained-decline"}}; }

Status check_rule(const Rule& rule) {
    for (const Demand& demand : demands_on(rule)) {
        if (demand.met) continue;
        return fail(Errc::config, fmt::format("trend rule '{:.80}': {}", rule.name, demand.what));
    }
    return {};
}

std::string_view rule_kind_name(RuleKind kind) { return name_in(kKinds, kind); }
std::string_view denomination_name(Denomination d) { return name_in(kDenominations, d); }

Result<RuleKind> parse_rule_kind(std::string_view name) {
    for (const auto& [kind, written] : kKinds) {
        if (written == name) return kind;
    }
    return fail(Errc::usage, fmt::format("'{}' is no kind of rule: write drawdown, level or rate",
                                         printable(name, 40)));
}

Result<Denomination> parse_denomination(std::string_view name) {
    for (const auto& [denomination, written] : kDenominations) {
        if (written == name) return denomination;
    }
    return fail(Errc::usage,
                fmt::format("'{}' is no denomination: write usd, btc or sat", printable(name, 40)));
}

double value_in(Denomination denomination, UsdPerPhDay usd, SatPerPhDay sat) {
    if (denomination == Denomination::usd) return usd.value;
    return denomination == Denomination::sat ? sat.value : sat.value / kSatPerBtc;
}

}  // namespace hashprice::domain
