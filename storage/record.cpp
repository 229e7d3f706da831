#include "storage/record.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "storage/chain_truth.hpp"
#include "storage/connection.hpp"
#include "storage/record_blocks.hpp"
#include "storage/retracted.hpp"
#include "storage/rows.hpp"

namespace hashprice::storage {
namespace {

using domain::Epoch;
using domain::FeeMean;
using domain::kDay;
using domain::Price;
using domain::Range;

constexpr std::string_view kPriceAt =
    "SELECT price_micro_usd, fetched_at_s FROM prices WHERE time_s = ? AND source_id = ? AND "
    "span_s = ?";
constexpr std::string_view kAddPrice =
    "INSERT INTO prices(time_s, source_id, span_s, price_micro_usd, fetched_at_s) VALUES(?, ?, ?, "
    "?, ?) ON CONFLICT DO NOTHING";
constexpr std::string_view kSetPrice =
    "INSERT INTO prices(time_s, source_id, span_s, price_micro_usd, fetched_at_s) VALUES(?, ?, ?, "
    "?, ?) "
    "ON CONFLICT(time_s, source_id, span_s) DO UPDATE SET "
    "price_micro_usd = excluded.price_micro_usd, fetched_at_s = excluded.fetched_at_s";

constexpr std::string_view kFeeMeanAt =
    "SELECT fee_sat_sum, blocks, tip_height, fetched_at_s FROM fee_means "
    "WHERE end_s = ? AND source_id = ? AND fee_window = ?";
constexpr std::string_view kAddFeeMean =
    "INSERT INTO fee_means(end_s, source_id, fee_window, fee_sat_sum, blocks, tip_height, "
    "fetched_at_s) VALUES(?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
constexpr std::string_view kSetFeeMean =
    "INSERT INTO fee_means(end_s, source_id, fee_window, fee_sat_sum, blocks, tip_height, "
    "fetched_at_s) "
    "VALUES(?, ?, ?, ?, ?, ?, ?) ON CONFLICT(end_s, source_id, fee_window) DO UPDATE SET "
    "fee_sat_sum = excluded.fee_sat_sum, blocks = excluded.blocks, tip_height = "
    "excluded.tip_height, "
    "fetched_at_s = excluded.fetched_at_s";

std::optional<Sourced<Price>> stored(Connection& c, const Price& p, SourceId source) {
    return first_row(
        ready(c, kPriceAt, unix_s(p.time), source, p.span.count()), [&](Statement& row) {
            return Sourced<Price>{{p.time, p.span, domain::MicroUsd{row.getColumn(0).getInt64()}},
                                  source,
                                  time_at(row, 1)};
        });
}

std::optional<Sourced<FeeMean>> stored(Connection& c, const FeeMean& f, SourceId source) {
    return first_row(ready(c, kFeeMeanAt, unix_s(f.end), source, static_cast<int>(f.window)),
                     [&](Statement& row) {
                         return Sourced<FeeMean>{
                             {f.end, f.window, domain::Satoshi{row.getColumn(0).getInt64()},
                              row.getColumn(1).getInt(), row.getColumn(2).getInt64()},
                             source,
                             time_at(row, 3)};
                     });
}

/// How many rows that changed.
int write(Connection& c, std::string_view sql, const Price& p, const Speaker& by) {
    return run(c, sql, unix_s(p.time), by.source, p.span.count(), p.price.value, unix_s(by.at));
}
int write(Connection& c, std::string_view sql, const FeeMean& f, const Speaker& by) {
    return run(c, sql, unix_s(f.end), by.source, static_cast<int>(f.window), f.fee_sum.value,
               f.blocks, f.tip_height, unix_s(by.at));
}

bool add(Connection& c, const Price& p, const Speaker& by) {
    return write(c, kAddPrice, p, by) > 0;
}
bool add(Connection& c, const FeeMean& f, const Speaker& by) {
    return write(c, kAddFeeMean, f, by) > 0;
}
void store(Connection& c, const Price& p, const Speaker& by) { write(c, kSetPrice, p, by); }
void store(Connection& c, const FeeMean& f, const Speaker& by) { write(c, kSetFeeMean, f, by); }

Range touched_by(const Price& p) { return {p.time, p.time}; }
Range touched_by(const FeeMean& f) { return {f.end, f.end + kDay}; }

/// Facts of one kind on their way in.
struct Timed {
    Connection& c;
    const Speaker& by;
    std::string_view kind;
    Recorded& done;
    /// A batch is mostly all new or all known: as the fact before was, so this one is tried first,
    /// and one look at the table does. The guess is only a question of speed.
    bool likely_new = true;  // no mutant
};

/// A source's own word at its own key: new, the same again, or a correction.
template <class Fact>
void record_one(Timed& r, const Fact& fact) {
    std::optional<Sourced<Fact>> old;
    // with the wrong guess there is one more look, and the end is the same
    if (!r.likely_new) old = stored(r.c, fact, r.by.source);  // no mutant
    r.likely_new = !old && add(r.c, fact, r.by);
    if (r.likely_new) {
        ++r.done.added;
        r.done.touched.push_back(touched_by(fact));
        return;
    }
    if (!old) old = stored(r.c, fact, r.by.source);
    if (old->fact == fact) {
        ++r.done.unchanged;
        return;
    }
    if (r.by.at < old->fetched_at) {  // an earlier word that comes late changes nothing
        put_aside(r.c, {r.kind, "corrected"}, body_of(fact), r.by, r.by.at);
        ++r.done.unchanged;
        return;
    }
    put_aside(r.c, {r.kind, "corrected"}, *old, r.by.at);
    store(r.c, fact, r.by);
    ++r.done.revised;
    r.done.touched.push_back(touched_by(fact));
}

template <class Fact, class Order>
std::vector<const Fact*> ascending(const std::vector<Fact>& facts, Order order) {
    std::vector<const Fact*> sorted;
    sorted.reserve(facts.size());
    for (const Fact& fact : facts) sorted.push_back(&fact);
    std::ranges::stable_sort(sorted, {}, [&](const Fact* fact) { return order(*fact); });
    return sorted;
}

void record_timed(Connection& c, const domain::FactBatch& batch, const Speaker& by,
                  Recorded& done) {
    Timed prices{c, by, "price", done};
    for (const Price* p :
         ascending(batch.prices, [](const Price& x) { return std::pair(x.time, x.span); })) {
        record_one(prices, *p);
    }
    Timed fee_means{c, by, "fee_mean", done};
    for (const FeeMean* f : ascending(batch.fee_means, [](const FeeMean& x) { return x.end; })) {
        record_one(fee_means, *f);
    }
}

void record_facts(Connection& c, const domain::FactBatch& batch, const Speaker& by,
                  Recorded& done) {
    for (const Epoch* e : ascending(batch.epochs, [](const Epoch& x) { return x.start_height; })) {
        const std::string why = objection_to(c, *e, by.at);
        if (why.empty()) {
            record_epoch(c, *e, by, done);
        } else {
            put_in_quarantine(c, {"epoch", why, body_of(*e)}, by);
            ++done.refused;
        }
    }
    record_blocks(c, batch.blocks, by, done);
    record_timed(c, batch, by, done);
    for (const domain::Refused& refused : batch.refused) {
        put_in_quarantine(c, refused, by);
        ++done.refused;
    }
}

}  // namespace

Recorded& Recorded::operator+=(const Recorded& other) {
    added += other.added;
    unchanged += other.unchanged;
    revised += other.revised;
    refused += other.refused;
    touched.insert(touched.end(), other.touched.begin(), other.touched.end());
    return *this;
}

void record_released(Connection& c, const domain::FactBatch& fact, const Speaker& by,
                     Recorded& done) {
    for (const domain::Block& b : fact.blocks) set_block(c, b, by, done);
    for (const Epoch& e : fact.epochs) record_epoch(c, e, by, done);
    record_timed(c, fact, by, done);
}

Result<Recorded> record(Database& db, const domain::FactBatch& batch) {
    return source_id(db, batch.source).and_then([&](SourceId source) {
        return guarded([&]() -> Result<Recorded> {
            Connection& c = db.connection();
            const Speaker by{source, batch.fetched_at};
            const Retracted retracted(c, source);
            Recorded done;
            if (retracted.none()) {
                record_facts(c, batch, by, done);
            } else {
                record_facts(c, retracted.believed(c, batch, by, done), by, done);
            }
            return done;
        });
    });
}

}  // namespace hashprice::storage
