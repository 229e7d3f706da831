#include "service/answers/backtest.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "domain/printable.hpp"

namespace hashprice::service::answers {
namespace {

using domain::Errc;
using domain::fail;

Result<domain::Rule> rule_named(const std::vector<domain::Rule>& rules, const std::string& name) {
    const auto found = std::ranges::find(rules, name, &domain::Rule::name);
    if (found != rules.end()) return *found;
    std::vector<std::string> names;
    names.reserve(rules.size());
    for (const domain::Rule& rule : rules) names.push_back(rule.name);
    return fail(Errc::not_found, fmt::format("there is no rule '{}'; the settings have: {}",
                                             domain::printable(name, 60), fmt::join(names, ", ")));
}

void put_event(Json& json, const trend::Event& e) {
    object(json, [&] {
        put_day(json, e.day);
        put(json, "event", event_name(e.kind));
        put(json, "decline", e.episode);
        put(json, "state", state_name(e.state));
        put(json, "severity", severity_name(e.severity));
        put(json, "closure",
            e.closure ? std::optional<std::string_view>(closure_name(*e.closure)) : std::nullopt);
        put(json, "value", e.value);
        put(json, "drawdown", e.drawdown);
    });
}

void put_summary(Json& json, const domain::Episode& e) {
    object(json, [&] {
        put(json, "id", e.id);
        put(json, "state", state_name(e.state));
        put(json, "severity", severity_name(e.severity));
        put_point(json, "peak", e.peak);
        put_point(json, "trough", e.trough);
        put(json, "depth", e.depth());
        put(json, "days_to_trough", static_cast<std::int64_t>(e.days_to_trough().count()));
        put_time(json, "through", UtcSeconds{e.through});
    });
}

/// Declines that were not over before the first day.
std::vector<domain::Episode> declines_since(std::vector<domain::Episode> all, Day first) {
    std::erase_if(all, [&](const domain::Episode& e) { return e.through < first; });
    return all;
}

}  // namespace

Result<Backtest> backtest(storage::Database& db, const std::vector<domain::Rule>& rules,
                          const BacktestQuery& query, UtcSeconds now) {
    const auto rule = rule_named(rules, query.rule);
    if (!rule) return tl::unexpected(rule.error());
    if (query.from && query.to && *query.to <= *query.from)
        return fail(Errc::usage, "from must be before to");
    const auto history = judge::history_of(db, now);
    if (!history) return tl::unexpected(history.error());
    Backtest result{.rule = *rule};
    if (history->usd.empty()) return result;
    const auto day_from = [](UtcSeconds t) { return std::chrono::ceil<domain::Days>(t); };
    result.first = std::max(history->usd.front().day, day_from(query.from.value_or(UtcSeconds{})));
    result.last = *history->through;
    if (query.to) result.last = std::min(*result.last, day_from(*query.to) - domain::Days{1});
    if (*result.last < *result.first) {
        result.first.reset();
        result.last.reset();
        return result;
    }
    const auto series = history->series(rule->denomination);
    result.events = trend::backtest(*rule, series, *result.first, *result.last);
    result.declines =
        declines_since(trend::evaluate(*rule, series, result.last).episodes, *result.first);
    return result;
}

std::string backtest_json(const Backtest& b) {
    return json_text([&](Json& json) {
        object(json, [&] {
            put(json, "rule", b.rule.name);
            put(json, "kind", domain::rule_kind_name(b.rule.kind));
            put(json, "denomination", domain::denomination_name(b.rule.denomination));
            put(json, "unit", unit_of(b.rule.denomination));
            object(json, "first", [&] { put_day(json, b.first); });
            object(json, "last", [&] { put_day(json, b.last); });
            array(json, "events", [&] {
                for (const trend::Event& e : b.events) put_event(json, e);
            });
            array(json, "declines", [&] {
                for (const domain::Episode& e : b.declines) put_summary(json, e);
            });
        });
    });
}

}  // namespace hashprice::service::answers
