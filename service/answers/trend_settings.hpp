#pragma once
#include <vector>

#include "config/settings.hpp"
#include "domain/economics.hpp"
#include "domain/rule.hpp"

/// What the operator set about declines and machines, as the rooms below speak of it.
namespace hashprice::service::answers {

/// One rule of the settings.   REQUIRES: config accepted it, so what its kind needs is there.
domain::Rule rule_of(const config::TrendRule& rule);
/// The rules that are switched on, in their order.
std::vector<domain::Rule> rules_of(const config::Settings& settings);
/// All of them: a backtest may ask about a rule that is switched off.
std::vector<domain::Rule> all_rules_of(const config::Settings& settings);
std::vector<domain::Fleet> fleets_of(const config::Settings& settings);
std::vector<domain::Alternative> alternatives_of(const config::Settings& settings);

/// All of the above.
struct TrendSettings {
    std::vector<domain::Rule> rules;      ///< switched on
    std::vector<domain::Rule> all_rules;  ///< the others too
    std::vector<domain::Fleet> fleets;
    std::vector<domain::Alternative> alternatives;
};
TrendSettings trend_settings(const config::Settings& settings);

}  // namespace hashprice::service::answers
