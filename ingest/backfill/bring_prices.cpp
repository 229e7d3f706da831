#include <fmt/format.h>

#include <algorithm>

#include "ingest/backfill/backfill.hpp"
#include "ingest/transport/url.hpp"
#include "storage/facts.hpp"

/// How a backfill brings the prices of a chunk: every host in a thread of its own.
namespace hashprice::ingest {

using domain::Price;
using domain::Result;
using domain::Status;

namespace {

/// Exchanges may still correct a candle right after its end.
constexpr seconds kSettled{60};
constexpr std::size_t kFewSpans = 3;  // without a trade: nothing to worry about

}  // namespace

Range Backfill::settled_instants(const Chunk& chunk) const {
    return {chunk.instants.from, std::min(chunk.instants.to, around_.clock.now() - kSettled)};
}

Result<Backfill::StoredPrices> Backfill::stored_prices(const Range& instants) {
    if (options_.force || instants.empty()) return StoredPrices{};
    const std::lock_guard lock(db_m_);
    return storage::prices_between(around_.db,
                                   instants.from - options_.step - around_.derive.max_age,
                                   instants.to + options_.step);
}

CandlePlan Backfill::candle_plan(const Exchange& exchange, const Range& instants,
                                 std::span<const UtcSeconds> held) const {
    return plan_candles({instants, options_.step, around_.clock.now(), exchange.offer}, held);
}

Result<std::vector<Backfill::Errand>> Backfill::errands_of(const Range& instants,
                                                           std::span<const Exchange> exchanges) {
    const auto stored = stored_prices(instants);
    if (!stored) return tl::unexpected(stored.error());
    std::vector<Errand> errands;
    for (const Exchange& exchange : exchanges) {
        Errand errand{.exchange = &exchange};
        errand.held = held_instants(*stored, exchange.id, options_.step, around_.derive.max_age);
        errand.plan = candle_plan(exchange, instants, errand.held);
        errands.push_back(std::move(errand));
    }
    return errands;
}

void Backfill::do_errand(Errand& errand, Asker& asker) const {
    errand.caught = fetch_candles(asker, *errand.exchange->source, errand.plan, options_.step);
}

/// Whoever serves the chain too is asked after it: its requests come one after the other.
bool Backfill::asked_beside(const Errand& errand) const {
    const auto host = [](const Source& source) { return host_of(source.base_url()); };
    const std::string its = host(*errand.exchange->source);
    if (chain_.fees != nullptr && host(*chain_.fees) == its) return false;
    return std::ranges::none_of(chain_.pages, [&](const Source* s) { return host(*s) == its; });
}

std::vector<std::jthread> Backfill::set_out(std::vector<Errand>& errands) {
    std::map<std::string, std::vector<Errand*>> by_host;
    for (Errand& errand : errands) {
        if (errand.plan.requests.empty() || !asked_beside(errand)) continue;
        by_host[host_of(errand.exchange->source->base_url())].push_back(&errand);
    }
    std::vector<std::jthread> threads;
    for (auto& [host, todo] : by_host) {
        auto [lane, is_new] = lanes_.try_emplace(host);
        if (is_new) lane->second = new_lane();
        threads.emplace_back([this, todo = std::move(todo), asker = lane->second.asker.get()] {
            for (Errand* errand : todo) do_errand(*errand, *asker);
        });
    }
    return threads;
}

void Backfill::take(Errand& errand, std::vector<UtcSeconds>& covered) {
    covered.insert(covered.end(), errand.held.begin(), errand.held.end());
    std::vector<Price>& prices = errand.caught.prices;
    for (const Price& p : prices) covered.push_back(p.time);
    if (!prices.empty()) {
        std::vector<Price>& batch = batch_of(*errand.exchange->source).prices;
        batch.insert(batch.end(), prices.begin(), prices.end());
    }
    for (MissingPart& part : errand.caught.missing) {
        unheard_.push_back(part.range);
        sum_.missing.push_back(std::move(part));
    }
}

Status Backfill::take_prices(const Chunk& chunk, std::vector<Errand>& errands) {
    for (auto& [host, lane] : lanes_) collect(*lane.asker);
    std::vector<UtcSeconds> covered;
    for (Errand& errand : errands) {
        if (errand.plan.reaches_to) note_reach(*errand.exchange, *errand.plan.reaches_to);
        take(errand, covered);
    }
    const Range instants = settled_instants(chunk);
    if (Status rest = bring_the_rest(instants, covered); !rest) return rest;
    // whoever asks only a chain source wants no prices
    const bool any = options_.only.empty() || !exchanges_.empty() || !others_.empty();
    if (any && !around_.stop.stop_requested()) note_uncovered(instants, covered);
    return {};
}

/// What no exchange has may be known to somebody else.
Status Backfill::bring_the_rest(const Range& instants, std::vector<UtcSeconds>& covered) {
    std::ranges::sort(covered);
    auto errands = errands_of(instants, others_);
    if (!errands) return tl::unexpected(errands.error());
    for (Errand& errand : *errands) {
        if (around_.stop.stop_requested()) return {};
        std::vector<UtcSeconds> held;
        std::ranges::set_union(errand.held, covered, std::back_inserter(held));
        errand.plan = candle_plan(*errand.exchange, instants, held);
        do_errand(errand, *chain_lane_.asker);
        take(errand, covered);
        std::ranges::sort(covered);
    }
    return {};
}

/// Since when anybody at all has such candles; none: nobody says.
std::optional<UtcSeconds> Backfill::first_offered() const {
    std::optional<UtcSeconds> first;
    for (const auto* offers : {&exchanges_, &others_}) {
        for (const Exchange& e : *offers) {
            if (e.offer.reach) continue;
            first = std::min(first.value_or(e.offer.earliest), e.offer.earliest);
        }
    }
    return first;
}

/// Instants for which nobody has a price. Of what a source did not answer that cannot be said: it
/// is told as that source's missing part.
void Backfill::note_uncovered(Range instants, const std::vector<UtcSeconds>& covered) {
    const auto first = first_offered();
    if (first && instants.from < *first) {
        if (noted_.insert("").second) {
            sum_.notes.push_back(fmt::format("no source has prices by {} before {}",
                                             domain::format_duration(options_.step),
                                             domain::format_time(*first)));
        }
        instants.from = *first;
    }
    const auto unheard = [&](UtcSeconds t) {
        return std::ranges::any_of(unheard_,
                                   [t](const Range& r) { return t > r.from && t <= r.to; });
    };
    std::vector<UtcSeconds> open;
    for (const UtcSeconds t : instants_of(instants, options_.step)) {
        if (!std::ranges::binary_search(covered, t) && !unheard(t)) open.push_back(t);
    }
    const std::string why = exchanges_.empty() && others_.empty()
                                ? "no exchange of the price index has such candles"
                                : "no exchange has them";
    for (const Range& part : joined(open, options_.step)) {
        if (part.to - part.from > kFewSpans * options_.step) {
            sum_.missing.push_back({"prices", part, why});
        } else {
            sum_.quiet_spans += (part.to - part.from) / options_.step;
        }
    }
}

void Backfill::note_reach(const Exchange& exchange, UtcSeconds reaches_to) {
    // the present moves on while a run lasts: one note a source
    if (!noted_.insert(exchange.source->name()).second) return;
    sum_.notes.push_back(
        fmt::format("{} has candles of {} only since {}; what is older comes from the others",
                    exchange.source->name(), domain::format_duration(options_.step),
                    domain::format_time(reaches_to)));
}

}  // namespace hashprice::ingest
