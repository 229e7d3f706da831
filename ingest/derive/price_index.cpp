#include "ingest/derive/price_index.hpp"

#include <algorithm>
#include <cmath>

namespace hashprice::ingest {
namespace {

int rank_of(SourceId source, const DeriveOptions& options) {
    if ((options.preferred >> source & 1) != 0) return 0;
    return options.starter == source ? 2 : 1;
}

double micro_usd(const Quote& q) { return static_cast<double>(q.price.fact.price.value); }
bool counts(const Quote& q) { return q.verdict == QuoteVerdict::counted; }

double median_of(std::span<const Quote> quotes) {
    std::vector<double> values;
    for (const Quote& q : quotes) {
        if (counts(q)) values.push_back(micro_usd(q));
    }
    std::ranges::sort(values);
    const std::size_t half = values.size() / 2;
    return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

double mean_of(std::span<const Quote> quotes) {
    std::int64_t sum = 0;
    std::int64_t n = 0;
    for (const Quote& q : quotes) {
        if (!counts(q)) continue;
        sum += q.price.fact.price.value;
        ++n;
    }
    return static_cast<double>(sum) / static_cast<double>(n);
}

void keep_highest_rank(std::span<Quote> quotes, const DeriveOptions& options) {
    int best = 3;
    for (const Quote& q : quotes) best = std::min(best, rank_of(q.price.source, options));
    for (Quote& q : quotes) {
        if (rank_of(q.price.source, options) != best) q.verdict = QuoteVerdict::outranked;
    }
}

/// Marks outliers; true when those that are left disagree all the same.
bool reject_outliers(std::span<Quote> quotes, double max_deviation) {
    const double median = median_of(quotes);
    const auto far = [&](const Quote& q) {
        return std::abs(micro_usd(q) - median) > max_deviation * median;
    };
    const auto counted = std::ranges::count_if(quotes, counts);
    const auto apart =
        std::ranges::count_if(quotes, [&](const Quote& q) { return counts(q) && far(q); });
    if (apart == 0) {
        if (counted != 2) return false;
        // of two, each stands half their distance from the median
        const auto [low, high] = std::ranges::minmax(
            quotes, {}, [&](const Quote& q) { return counts(q) ? micro_usd(q) : median; });
        return micro_usd(high) - micro_usd(low) > max_deviation * median;
    }
    if (counted - apart < 2) return true;
    for (Quote& q : quotes) {
        if (counts(q) && far(q)) q.verdict = QuoteVerdict::outlier;
    }
    return false;
}

seconds span_of(const Quote& q, const DeriveOptions& options) {
    const seconds span = q.price.fact.span;
    return span == seconds{0} ? options.grid : span;
}

}  // namespace

std::optional<PriceIndex> price_index(std::span<Quote> quotes, const DeriveOptions& options) {
    if (quotes.empty()) return std::nullopt;
    keep_highest_rank(quotes, options);
    PriceIndex index;
    if (reject_outliers(quotes, options.max_deviation)) index.flags |= domain::kPricesDisagree;
    if (std::ranges::count_if(quotes, counts) < options.min_sources)
        index.flags |= domain::kFewPrices;
    index.usd = (options.method == IndexMethod::mean ? mean_of(quotes) : median_of(quotes)) /
                domain::kMicroPerUsd;
    index.span = seconds::max();
    for (const Quote& q : quotes) {
        if (!counts(q)) continue;
        index.sources |= std::uint64_t{1} << q.price.source;
        index.span = std::min(index.span, span_of(q, options));
    }
    return index;
}

}  // namespace hashprice::ingest
