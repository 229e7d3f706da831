#include "storage/retracted.hpp"

#include <algorithm>

#include "storage/connection.hpp"
#include "storage/read_bodies.hpp"
#include "storage/rows.hpp"

namespace hashprice::storage {
namespace {

constexpr std::string_view kStanding =
    "SELECT from_s, to_s FROM retractions WHERE source_id = ? AND undone_at_s IS NULL "
    "ORDER BY from_s";
constexpr std::string_view kAside =
    "INSERT INTO facts_aside(kind, reason, body, source_id, fetched_at_s, aside_at_s) "
    "VALUES(?, 'retracted', ?, ?, ?, ?) ON CONFLICT DO NOTHING";

}  // namespace

void put_aside_retracted(Connection& c, std::string_view kind, const std::string& body,
                         const Speaker& said, UtcSeconds now) {
    run(c, kAside, std::string(kind), body, said.source, unix_s(said.at), unix_s(now));
}

Retracted::Retracted(Connection& c, SourceId source)
    : ranges_(all_rows(ready(c, kStanding, source), [](Statement& row) {
          return domain::Range{time_at(row, 0), time_at(row, 1)};
      })) {}

bool Retracted::holds(UtcSeconds t) const {
    return std::ranges::any_of(ranges_,
                               [t](const domain::Range& r) { return t >= r.from && t < r.to; });
}

domain::FactBatch Retracted::believed(Connection& c, const domain::FactBatch& batch,
                                      const Speaker& by, Recorded& done) const {
    domain::FactBatch left = batch;
    const auto sift = [&](auto& facts, std::string_view kind) {
        std::erase_if(facts, [&](const auto& fact) {
            if (!holds(speaks_until(fact))) return false;
            put_aside_retracted(c, kind, body_of(fact), by, by.at);
            ++done.unchanged;
            return true;
        });
    };
    sift(left.blocks, "block");
    sift(left.epochs, "epoch");
    sift(left.prices, "price");
    sift(left.fee_means, "fee_mean");
    return left;
}

}  // namespace hashprice::storage
