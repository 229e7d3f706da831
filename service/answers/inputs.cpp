#include "service/answers/inputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "domain/consensus.hpp"
#include "domain/hashprice.hpp"
#include "domain/printable.hpp"

namespace hashprice::service::answers {
namespace {

using domain::Errc;
using domain::fail;

/// Header times are up to two hours off their order: so many blocks more are read at either end.
constexpr std::int64_t kDisorder = 36;
constexpr std::int64_t kHeightsAtOnce = 20'000;
constexpr seconds kClosing = domain::kHour;  ///< how old a source's price may be at a bar's end

Result<std::vector<InputBar>> empty_bars(const InputsQuery& query, Step step) {
    std::vector<InputBar> bars;
    UtcSeconds at = bar_start(step, query.range.from + seconds{1});
    for (; at < query.range.to; at = next_bar(step, at)) {
        if (std::ssize(bars) == kMostInputBars) {
            return fail(Errc::usage,
                        fmt::format("more than {} points: take a longer step or a shorter range",
                                    kMostInputBars));
        }
        bars.push_back({at, {}});
    }
    return bars;
}

UtcSeconds end_of(const Inputs& inputs, const InputBar& bar) {
    return next_bar(inputs.step, bar.time);
}

/// All that the bars hold: (from, to].
domain::Range reach_of(const Inputs& inputs) {
    return {inputs.bars.front().time, end_of(inputs, inputs.bars.back())};
}

// --- difficulty
// -----------------------------------------------------------------------------------

/// The newest instant that any fact about the chain speaks of.
Result<UtcSeconds> known_until(storage::Database& db, UtcSeconds newest_epoch) {
    const auto tip = storage::tip(db);
    const auto observed = storage::latest_observation(db);
    if (const auto good = domain::all_good(tip, observed); !good)
        return tl::unexpected(good.error());
    UtcSeconds until = newest_epoch;
    if (*tip) until = std::max(until, (*tip)->fact.time);
    if (*observed) until = std::max(until, (*observed)->observation.time);
    return until;
}

using Epochs = std::vector<storage::Sourced<domain::Epoch>>;

std::optional<double> difficulty_at(const Epochs& epochs, UtcSeconds t) {
    const auto next = std::ranges::upper_bound(
        epochs, t, {}, [](const auto& epoch) { return epoch.fact.start_time; });
    if (next == epochs.begin()) return std::nullopt;
    const domain::Epoch& epoch = std::prev(next)->fact;
    // what follows an epoch that nobody reported is not known
    const bool follows = next == epochs.end() ||
                         next->fact.start_height == epoch.start_height + domain::kBlocksPerEpoch;
    if (!follows && t >= epoch.start_time + domain::kTargetTimespan) return std::nullopt;
    const auto difficulty = domain::difficulty_of(epoch.bits);
    return difficulty ? std::optional(difficulty->value) : std::nullopt;
}

domain::Status fill_difficulty(storage::Database& db, Inputs& inputs) {
    inputs.fields = {"difficulty", "hashrate_eh_s"};
    const auto epochs = storage::epochs(db);
    if (!epochs) return tl::unexpected(epochs.error());
    const auto until =
        known_until(db, epochs->empty() ? UtcSeconds{} : epochs->back().fact.start_time);
    if (!until) return tl::unexpected(until.error());
    for (InputBar& bar : inputs.bars) {
        std::optional<double> value;
        if (bar.time < *until)
            value = difficulty_at(*epochs, std::min(end_of(inputs, bar), *until));
        bar.values = {value, value ? std::optional(domain::network_ehs(domain::Difficulty{*value}))
                                   : std::nullopt};
    }
    return {};
}

// --- fees
// -----------------------------------------------------------------------------------------

struct FeeSum {
    double fee_sat = 0;
    std::int64_t blocks = 0;
};
using FeeSums = std::map<UtcSeconds, FeeSum>;  ///< by the bar's start

void add(FeeSums& sums, Step step, UtcSeconds t, const FeeSum& more) {
    FeeSum& sum = sums[bar_start(step, t)];
    sum.fee_sat += more.fee_sat;
    sum.blocks += more.blocks;
}

Result<FeeSums> fees_of_blocks(storage::Database& db, const Inputs& inputs) {
    FeeSums sums;
    const domain::Range reach = reach_of(inputs);
    const auto lowest = storage::height_near(db, reach.from);
    const auto highest = storage::height_near(db, reach.to);
    if (const auto good = domain::all_good(lowest, highest); !good)
        return tl::unexpected(good.error());
    const std::int64_t end = *highest + kDisorder;
    for (std::int64_t at = *lowest - kDisorder; at < end; at += kHeightsAtOnce) {
        const auto blocks = storage::blocks_between(db, at, std::min(at + kHeightsAtOnce, end));
        if (!blocks) return tl::unexpected(blocks.error());
        for (const auto& [block, source, fetched_at] : *blocks) {
            if (block.fees && block.time > reach.from && block.time <= reach.to)
                add(sums, inputs.step, block.time, {static_cast<double>(block.fees->value), 1});
        }
    }
    return sums;
}

Result<FeeSums> fees_of_means(storage::Database& db, const Inputs& inputs) {
    FeeSums sums;
    const domain::Range reach = reach_of(inputs);
    const auto means = storage::fee_means_between(db, reach.from, reach.to);
    if (!means) return tl::unexpected(means.error());
    std::optional<UtcSeconds> counted;
    for (const auto& [mean, source, fetched_at] : *means) {
        if (counted == mean.end) continue;  // of several that end together, one
        counted = mean.end;
        add(sums, inputs.step, mean.end, {static_cast<double>(mean.fee_sum.value), mean.blocks});
    }
    return sums;
}

domain::Status fill_fees(storage::Database& db, Inputs& inputs) {
    inputs.fields = {"fee_sat_mean", "blocks"};
    if (inputs.bars.empty()) return {};
    const auto single = fees_of_blocks(db, inputs);
    const auto means = fees_of_means(db, inputs);
    if (const auto good = domain::all_good(single, means); !good)
        return tl::unexpected(good.error());
    for (InputBar& bar : inputs.bars) {
        FeeSum best;
        for (const FeeSums* sums : {&*single, &*means}) {
            const auto found = sums->find(bar.time);
            if (found != sums->end() && found->second.blocks > best.blocks) best = found->second;
        }
        const auto blocks = static_cast<double>(best.blocks);
        bar.values = {best.blocks > 0 ? std::optional(best.fee_sat / blocks) : std::nullopt,
                      blocks};
    }
    return {};
}

// --- price
// ----------------------------------------------------------------------------------------

using Closings = std::map<domain::SourceId, double>;

Result<Closings> closing_prices(storage::Database& db, UtcSeconds start, UtcSeconds end) {
    const auto prices = storage::prices_between(db, std::max(start, end - kClosing), end);
    if (!prices) return tl::unexpected(prices.error());
    Closings closings;
    std::map<domain::SourceId, UtcSeconds> times;
    for (const auto& [price, source, fetched_at] : *prices) {
        if (times.contains(source) && times[source] == price.time) continue;  // a tick goes first
        times[source] = price.time;
        closings[source] = static_cast<double>(price.price.value) / domain::kMicroPerUsd;
    }
    return closings;
}

Result<std::optional<double>> closing_index(storage::Database& db, const domain::Range& bar) {
    const auto last = storage::observations_before(db, bar.to, 1);
    if (!last) return tl::unexpected(last.error());
    if (last->empty() || last->front().observation.time <= bar.from) return std::nullopt;
    return last->front().observation.price_usd;
}

domain::Status fill_price(storage::Database& db, Inputs& inputs) {
    inputs.fields = {"price_usd"};
    const auto names = storage::sources(db);
    if (!names) return tl::unexpected(names.error());
    std::vector<Closings> all;
    std::set<domain::SourceId> heard;
    for (InputBar& bar : inputs.bars) {
        const UtcSeconds end = end_of(inputs, bar);
        const auto index = closing_index(db, {bar.time, end});
        const auto closings = closing_prices(db, bar.time, end);
        if (const auto good = domain::all_good(index, closings); !good)
            return tl::unexpected(good.error());
        bar.values = {*index};
        for (const auto& [source, price] : *closings) heard.insert(source);
        all.push_back(*closings);
    }
    for (const domain::SourceId source : heard) {
        inputs.sources.push_back(name_of(*names, source));
        for (std::size_t i = 0; i < all.size(); ++i) {
            const auto found = all[i].find(source);
            inputs.bars[i].values.push_back(found == all[i].end() ? std::nullopt
                                                                  : std::optional(found->second));
        }
    }
    return {};
}

Result<Step> step_of(storage::Database& db, const InputsQuery& query) {
    if (query.step == Step::raw)
        return fail(Errc::usage, "inputs have no step=raw: 1h is the finest");
    SeriesQuery series;
    series.range = query.range;
    series.step = query.step;
    series.max_points = query.max_points;
    const auto step = answers::step_of(db, series);
    if (!step) return tl::unexpected(step.error());
    return *step == Step::raw ? Step::hour : *step;
}

}  // namespace

Result<Input> parse_input(std::string_view text) {
    constexpr std::array kNames{std::string_view("difficulty"), std::string_view("fees"),
                                std::string_view("price")};
    const auto* const found = std::ranges::find(kNames, text);
    if (found == kNames.end()) {
        return fail(Errc::usage, fmt::format("input '{}' is none of difficulty, fees, price",
                                             domain::printable(text, 40)));
    }
    return static_cast<Input>(found - kNames.begin());
}

Result<Inputs> inputs(storage::Database& db, const InputsQuery& query) {
    const auto step = step_of(db, query);
    if (!step) return tl::unexpected(step.error());
    auto bars = empty_bars(query, *step);
    if (!bars) return tl::unexpected(bars.error());
    Inputs answer{query, *step, {}, {}, std::move(*bars)};
    const auto fill = query.input == Input::difficulty ? fill_difficulty
                      : query.input == Input::fees     ? fill_fees
                                                       : fill_price;
    if (const auto filled = fill(db, answer); !filled) return tl::unexpected(filled.error());
    return answer;
}

}  // namespace hashprice::service::answers
