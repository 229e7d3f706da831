#include "ingest/backfill/price_part.hpp"

#include <algorithm>

namespace hashprice::ingest {

using domain::Price;

std::vector<UtcSeconds> held_instants(std::span<const storage::Sourced<Price>> prices,
                                      domain::SourceId source, seconds step, seconds max_age) {
    std::vector<UtcSeconds> held;
    for (const auto& stored : prices) {
        const Price& p = stored.fact;
        if (stored.source != source) continue;
        const UtcSeconds instant = ceil_to(p.time, step);
        const bool tick = p.span == seconds{0} && instant - p.time < max_age;
        const bool candle = p.span > seconds{0} && p.span <= step && instant == p.time;
        const bool fresh = held.empty() || held.back() != instant;
        if ((tick || candle) && fresh) held.push_back(instant);
    }
    return held;
}

CandleCatch fetch_candles(Asker& asker, const Source& source, const CandlePlan& plan,
                          seconds step) {
    CandleCatch caught;
    for (const Range& request : plan.requests) {
        const auto closes = asker.ask(
            source, [&](Visit& visit) { return source.price()->candles(visit, request, step); });
        if (asker.stopped()) return caught;
        if (!closes) {
            caught.missing.push_back({"prices of " + source.name(), request, closes.error().what});
            continue;
        }
        caught.prices.insert(caught.prices.end(), closes->begin(), closes->end());
    }
    return caught;
}

}  // namespace hashprice::ingest
