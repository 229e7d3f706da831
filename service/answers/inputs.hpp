#pragma once
#include <optional>
#include <string>
#include <vector>

#include "service/answers/series.hpp"

/// What the hash price is made of, bar by bar: difficulty, fees, price.
namespace hashprice::service::answers {

enum class Input { difficulty, fees, price };
Result<Input> parse_input(std::string_view text);

struct InputsQuery {
    Input input{};
    domain::Range range;
    std::optional<Step> step;  ///< none: auto. Never raw
    int max_points = 1500;     ///< for the automatic step
};

/// One bar: a value for each field, none where nothing is known.
struct InputBar {
    UtcSeconds time;  ///< its start
    std::vector<std::optional<double>> values;
};

struct Inputs {
    InputsQuery query;
    Step step{};
    std::vector<std::string> fields;   ///< names of the values
    std::vector<std::string> sources;  ///< of `price`: those whose values follow, one each
    std::vector<InputBar> bars;        ///< every one of the range
};

constexpr std::int64_t kMostInputBars = 10'000;

/// Every bar that begins in the range (the first one may begin before it).
///
///   difficulty  as at the end of the bar, and the hash rate that it stands for: the one that finds
///               a block every 600 s. None before the first epoch known, nor after the newest fact
///   fees        mean per block, over the bar's own blocks; where they are not stored, over the fee
///               means that end in it. Whichever is made of more blocks
///   price       the index of the last observation in the bar; and for each source its newest price
///               in the bar's last hour
///   errors      more than kMostInputBars bars, or raw -> Errc::usage
Result<Inputs> inputs(storage::Database& db, const InputsQuery& query);

std::string inputs_json(const Inputs& inputs);
std::string inputs_csv(const Inputs& inputs);

}  // namespace hashprice::service::answers
