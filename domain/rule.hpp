#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "domain/daily.hpp"
#include "domain/result.hpp"

/// What the operator calls a decline, as settings: a rule and its parameters.
///
///   shape   values; the functions are pure
///   units   depths and shares are ratios (0.20 = 20 %), windows are whole UTC days
///   source  METHOD section 3
namespace hashprice::domain {

enum class RuleKind {
    drawdown,  ///< so far below the highest close of the window
    level,     ///< below a figure, re-armed above a second one
    rate       ///< fell by so much in so few days
};

/// In what a rule (or a series) counts the hash price, always per PH/s and day.
enum class Denomination { usd, btc, sat };

struct Rule {
    std::string name;  ///< lower-case letters, digits, '-', '_' and '.': it is part of episode ids
    RuleKind kind = RuleKind::drawdown;
    Denomination denomination = Denomination::usd;

    Days window{180};         ///< the peak is the highest close of these last days, today included
    double open_depth = 0.2;  ///< drawdown: depth that opens
    int open_for = 3;   ///< consecutive observed days from pending to active, the first counts
    int close_for = 7;  ///< consecutive observed days that close
    double warning_depth = 0.3;
    double critical_depth = 0.4;

    double recover_share = 1.0 / 3;  ///< drawdown: share of the log loss regained -> recovering
    double close_share = 0.5;        ///< drawdown: share that, held for close_for, closes
    Days settle_after{60};           ///< drawdown: observed days without a new low that settle an
                                     ///< episode whose peak has left the window

    double below = 0;        ///< level: opens under this, in the rule's denomination
    double rearm_above = 0;  ///< level: held above this for close_for, closes

    double fall = 0;                ///< rate: opens on a fall of more than this ...
    Days fall_days{7};              ///< ... within so many days
    double fall_rearm_share = 0.5;  ///< rate: held at less than this share of `fall`, closes

    friend bool operator==(const Rule&, const Rule&) = default;
};

/// What runs when the operator names no rule: `sustained-decline`, in USD, all defaults.
std::vector<Rule> builtin_rules();

/// errors  the first parameter that cannot work, by name -> Errc::config
Status check_rule(const Rule& rule);

std::string_view rule_kind_name(RuleKind kind);
Result<RuleKind> parse_rule_kind(std::string_view name);  ///< else Errc::usage
std::string_view denomination_name(Denomination denomination);
Result<Denomination> parse_denomination(std::string_view name);  ///< else Errc::usage

/// One observation's value in a denomination; USD and satoshi are what observations hold.
double value_in(Denomination denomination, UsdPerPhDay usd, SatPerPhDay sat);

}  // namespace hashprice::domain
