#include <algorithm>
#include <set>

#include "domain/consensus.hpp"
#include "ingest/backfill/backfill.hpp"
#include "ingest/backfill/day_part.hpp"
#include "storage/facts.hpp"
#include "storage/observations.hpp"

/// How a backfill brings the fees of long past days: all of them in one answer.
namespace hashprice::ingest {

using domain::FeeMean;
using domain::kDay;
using domain::Result;
using domain::Status;

namespace {

/// The end of the day of block 1: between it and the genesis block nobody mined for five days.
constexpr UtcSeconds kFirstFullDay = domain::utc(1'231'545'600);  // 2009-01-10T00:00:00Z

/// A close that rests on the 144 fetched blocks before it.
bool by_block(const domain::Observation& o, std::optional<domain::SourceId> starter) {
    return o.fee_window == domain::FeeWindow::blocks_144 && o.fee_source != starter &&
           (o.flags & domain::kFeeWindowOld) == 0;
}

}  // namespace

/// Ends of days whose fees are known, by day or by block.
Result<std::set<UtcSeconds>> Backfill::known_days(const Range& instants) {
    std::set<UtcSeconds> known;
    if (options_.force) return known;
    const std::lock_guard lock(db_m_);
    const auto means = storage::fee_means_between(around_.db, instants.from, instants.to);
    const auto closes = storage::day_closes(around_.db);
    if (const auto good = domain::all_good(means, closes); !good)
        return tl::unexpected(good.error());
    const std::optional<domain::SourceId> starter = around_.derive.starter;
    for (const auto& mean : *means) {
        if (mean.source != starter) known.insert(mean.fact.end);
    }
    for (const auto& close : *closes) {
        if (by_block(close.observation, starter)) known.insert(close.observation.time);
    }
    return known;
}

/// Ends of days whose fees are not known.
Result<std::vector<UtcSeconds>> Backfill::open_days(const Range& instants) {
    const auto known = known_days(instants);
    if (!known) return tl::unexpected(known.error());
    std::vector<UtcSeconds> open;
    for (const UtcSeconds t : instants_of(instants, kDay)) {
        if (t >= kFirstFullDay && !known->contains(t)) open.push_back(t);
    }
    return open;
}

/// Where a halving decides, a page of blocks tells the height at the day's end to the block.
void Backfill::settle_height(FeeMean& day) {
    const auto halving = halving_near(day);
    if (!halving) return;
    for (const Source* source : chain_.pages) {
        const auto page = chain_lane_.asker->ask(*source, [&](Visit& visit) {
            return source->chain()->blocks_to(visit, *halving + source->chain()->page_size() / 2);
        });
        if (!page) continue;
        day.tip_height = height_at(day.end, *page, day.tip_height);
        return;
    }
}

/// One question for all chunks: the answer holds every day there ever was.
void Backfill::ask_days() {
    if (std::exchange(days_asked_, true)) return;
    for (const Source* source : day_fees_) {
        const auto days = chain_lane_.asker->ask(
            *source, [&](Visit& visit) { return source->fees()->day_fees(visit, options_.range); });
        if (!days) {
            days_trouble_ = days.error().what;
            continue;
        }
        days_from_ = source;
        days_ = fee_means_of(*days);
        return;
    }
}

Status Backfill::bring_days(const Chunk& chunk) {
    if (day_fees_.empty() && !options_.only.empty()) return {};  // somebody else is asked alone
    if (Status asked = bring_epochs(); !asked) return asked;
    const auto open = open_days(chunk.instants);
    if (!open) return tl::unexpected(open.error());
    if (open->empty()) return {};
    ask_days();
    std::vector<UtcSeconds> missing;
    for (const UtcSeconds end : *open) {
        const auto found = std::ranges::lower_bound(days_, end, {}, &FeeMean::end);
        if (found == days_.end() || found->end != end) {
            missing.push_back(end);
            continue;
        }
        settle_height(*found);
        batch_of(*days_from_).fee_means.push_back(*found);
    }
    if (around_.stop.stop_requested()) return {};
    const std::string why = !days_trouble_.empty() ? days_trouble_
                            : day_fees_.empty()    ? "no source knows fees by day"
                                                   : "the source does not have them";
    for (const Range& part : joined(missing, kDay)) sum_.missing.push_back({"fees", part, why});
    return {};
}

}  // namespace hashprice::ingest
