#include "service/answers/trend_settings.hpp"

namespace hashprice::service::answers {
namespace {

domain::RuleKind kind_of(config::RuleKind kind) {
    switch (kind) {
        case config::RuleKind::level:
            return domain::RuleKind::level;
        case config::RuleKind::rate:
            return domain::RuleKind::rate;
        case config::RuleKind::drawdown:
            break;
    }
    return domain::RuleKind::drawdown;
}

domain::Denomination denomination_of(config::Denomination denomination) {
    switch (denomination) {
        case config::Denomination::btc:
            return domain::Denomination::btc;
        case config::Denomination::sat:
            return domain::Denomination::sat;
        case config::Denomination::usd:
            break;
    }
    return domain::Denomination::usd;
}

domain::Days days_of(config::seconds s) { return std::chrono::floor<domain::Days>(s); }

}  // namespace

domain::Rule rule_of(const config::TrendRule& r) {
    const domain::Rule defaults;
    return {.name = r.name,
            .kind = kind_of(r.kind),
            .denomination = denomination_of(r.denomination),
            .window = days_of(r.window),
            .open_depth = r.open_depth,
            .open_for = static_cast<int>(r.open_for),
            .close_for = static_cast<int>(r.close_for),
            .settle_after = days_of(r.settle_after),
            .below = r.below.value_or(defaults.below),
            .rearm_above = r.rearm_above.value_or(defaults.rearm_above),
            .fall = r.fall.value_or(defaults.fall),
            .fall_days = domain::Days{r.days.value_or(defaults.fall_days.count())}};
}

std::vector<domain::Rule> rules_of(const config::Settings& settings) {
    std::vector<domain::Rule> rules;
    for (const config::TrendRule& rule : settings.rules) {
        if (rule.enabled) rules.push_back(rule_of(rule));
    }
    return rules;
}

std::vector<domain::Rule> all_rules_of(const config::Settings& settings) {
    std::vector<domain::Rule> rules;
    for (const config::TrendRule& rule : settings.rules) rules.push_back(rule_of(rule));
    return rules;
}

std::vector<domain::Fleet> fleets_of(const config::Settings& settings) {
    std::vector<domain::Fleet> fleets;
    for (const config::Fleet& f : settings.fleets) {
        fleets.push_back({.name = f.name,
                          .efficiency = f.efficiency,
                          .power = f.power,
                          .hashrate_ph = f.hashrate_ph,
                          .pool_fee = f.pool_fee,
                          .uptime = f.uptime,
                          .take_or_pay = f.take_or_pay,
                          .machine_usd_per_th = f.machine_price_usd_per_th,
                          .machine_btc_per_th = f.machine_price_btc_per_th});
    }
    return fleets;
}

std::vector<domain::Alternative> alternatives_of(const config::Settings& settings) {
    std::vector<domain::Alternative> alternatives;
    for (const config::Alternative& a : settings.alternatives)
        alternatives.push_back({a.name, a.usd_per_mwh});
    return alternatives;
}

TrendSettings trend_settings(const config::Settings& settings) {
    return {rules_of(settings), all_rules_of(settings), fleets_of(settings),
            alternatives_of(settings)};
}

}  // namespace hashprice::service::answers
