#include "ingest/derive/observe.hpp"

#include "domain/consensus.hpp"
#include "domain/hashprice.hpp"
#include "ingest/derive/prices_as_of.hpp"

namespace hashprice::ingest {
namespace {

using domain::FeeWindow;
using domain::Observation;

std::uint32_t flags_of(const ChainTip& tip, const FeesAsOf& fees, UtcSeconds t,
                       const DeriveOptions& options) {
    std::uint32_t flags = 0;
    if (t - tip.known_at > options.tip_max_age) flags |= domain::kTipStale;
    const bool up_to_the_tip = fees.last_height >= tip.height || fees.end == t;
    if (fees.window == FeeWindow::blocks_144 && !up_to_the_tip) flags |= domain::kFeeWindowOld;
    return flags;
}

ChainAsOf chain_of(const FactsWindow& facts, const DeriveOptions& options) {
    return {facts.blocks, facts.fee_means, facts.epochs, options};
}

void gather(Evidence& evidence, ChainAsOf& chain, PricesAsOf& prices, UtcSeconds t,
            const DeriveOptions& options) {
    chain.advance(t);
    evidence.tip = chain.tip();
    evidence.fees = chain.fees();
    evidence.price = price_index(prices.quotes_at(t), options);
}

}  // namespace

Evidence evidence_at(const FactsWindow& facts, UtcSeconds t, const DeriveOptions& options) {
    ChainAsOf chain = chain_of(facts, options);
    PricesAsOf prices(facts.prices, options);
    Evidence evidence;
    gather(evidence, chain, prices, t, options);
    evidence.quotes = prices.quotes_at(t);
    price_index(evidence.quotes, options);  // for the verdicts
    return evidence;
}

std::optional<Observation> observation_of(const Evidence& evidence, UtcSeconds t,
                                          const DeriveOptions& options) {
    if (!evidence.tip || !evidence.fees || !evidence.price) return std::nullopt;
    const ChainTip& tip = *evidence.tip;
    const FeesAsOf& fees = *evidence.fees;
    Observation o;
    o.time = t;
    o.span = evidence.price->span;
    o.height = tip.height;
    o.bits = tip.bits;
    o.fee_sum = fees.sum;
    o.fee_blocks = fees.blocks;
    o.fee_window = fees.window;
    o.price_usd = evidence.price->usd;
    o.price_sources = evidence.price->sources;
    o.chain_source = tip.source;
    o.fee_source = fees.source;
    o.flags = evidence.price->flags | flags_of(tip, fees, t, options);
    const auto value = domain::difficulty_of(tip.bits).and_then([&](domain::Difficulty d) {
        return domain::hashprice_of(
            {d, domain::subsidy_at(tip.height), o.fee_sat_mean(), o.price_usd});
    });
    if (!value)
        return std::nullopt;  // facts are checked when they come in: only a damaged file gets here
    o.usd_per_ph_day = value->usd.value;
    o.sat_per_ph_day = value->sat.value;
    return o;
}

std::vector<Observation> observe(const FactsWindow& facts, UtcSeconds from, UtcSeconds to,
                                 const DeriveOptions& options) {
    ChainAsOf chain = chain_of(facts, options);
    PricesAsOf prices(facts.prices, options);
    std::vector<Observation> observations;
    Evidence evidence;
    for (auto t = prices.next_after(from); t && *t <= to; t = prices.next_after(*t)) {
        gather(evidence, chain, prices, *t, options);
        if (const auto o = observation_of(evidence, *t, options)) observations.push_back(*o);
    }
    return observations;
}

}  // namespace hashprice::ingest
