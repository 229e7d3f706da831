#include "ingest/derive/verify.hpp"

#include <algorithm>

#include "ingest/derive/derive.hpp"
#include "storage/bars.hpp"
#include "storage/observations.hpp"
#include "storage/upkeep.hpp"

namespace hashprice::ingest {
namespace {

using domain::Range;
using domain::Status;
using storage::KeptObservation;

constexpr seconds kChunk = 30 * domain::kDay;

void note(Verdict& verdict, UtcSeconds t) {
    ++verdict.observations;
    verdict.first = std::min(verdict.first.value_or(t), t);
}

/// Both ascending.
void compare(const std::vector<KeptObservation>& stored,
             const std::vector<domain::Observation>& derived, Verdict& verdict) {
    auto old = stored.begin();
    for (const domain::Observation& o : derived) {
        while (old != stored.end() && old->observation.time < o.time)
            note(verdict, (old++)->observation.time);
        const bool known = old != stored.end() && old->observation.time == o.time;
        if (!known || old->observation != o) note(verdict, o.time);
        if (known) ++old;
    }
    while (old != stored.end()) note(verdict, (old++)->observation.time);
}

Status verify_chunk(storage::Database& db, const Range& chunk, const DeriveOptions& options,
                    Verdict& verdict) {
    const auto facts = load_window(db, chunk.from, chunk.to, options);
    if (!facts) return tl::unexpected(facts.error());
    const auto stored = storage::observations_between(db, chunk.from, chunk.to);
    if (!stored) return tl::unexpected(stored.error());
    compare(*stored, observe(*facts, chunk.from, chunk.to, options), verdict);
    return {};
}

Status verify_between(storage::Database& db, const Range& range, const DeriveOptions& options,
                      Verdict& verdict) {
    for (UtcSeconds at = range.from; at < range.to; at += kChunk) {
        Status done = verify_chunk(db, {at, std::min(at + kChunk, range.to)}, options, verdict);
        if (!done) return done;
    }
    return {};
}

domain::Result<Verdict> verdict_on(storage::Database& db, const DeriveOptions& options) {
    const auto span = storage::observation_span(db);
    if (!span) return tl::unexpected(span.error());
    Verdict verdict;
    if (!*span) return verdict;
    // instants after the newest observation may still wait for their tick
    const Range all{(*span)->first - seconds{1}, (*span)->last};
    const auto frozen = storage::frozen(db);
    if (!frozen) return tl::unexpected(frozen.error());
    const Range kept = frozen->value_or(Range{all.to, all.to});
    for (const Range& part : {Range{all.from, std::min(all.to, kept.from)},
                              Range{std::max(all.from, kept.to), all.to}}) {
        if (const Status done = verify_between(db, part, options, verdict); !done)
            return tl::unexpected(done.error());
    }
    const auto amiss = storage::bars_amiss(db, (*span)->first, (*span)->last);
    if (!amiss) return tl::unexpected(amiss.error());
    verdict.bars = *amiss;
    return verdict;
}

}  // namespace

domain::Result<Verdict> verify(storage::Database& db, const DeriveOptions& options) {
    const auto snapshot = storage::Snapshot::take(db);
    if (!snapshot) return tl::unexpected(snapshot.error());
    return verdict_on(db, options);
}

}  // namespace hashprice::ingest
