#include "storage/aside.hpp"

#include "storage/connection.hpp"

namespace hashprice::storage {
namespace {

constexpr std::string_view kAside =
    "INSERT INTO facts_aside(kind, reason, body, source_id, fetched_at_s, aside_at_s) VALUES(?, ?, "
    "?, ?, ?, ?)";
constexpr std::string_view kQuarantine =
    "INSERT INTO quarantine(source_id, kind, reason, payload, received_at_s, state) "
    "VALUES(?, ?, ?, ?, ?, 'pending') ON CONFLICT DO NOTHING";
constexpr std::string_view kBodiesOf =
    "SELECT COUNT(*) FROM quarantine WHERE source_id = ? AND kind = 'body' AND state = 'pending'";
// of a source that answers nonsense all day; that it does so stands in the poll log
constexpr int kMostBodies = 100;

bool has_enough_bodies(Connection& c, SourceId source) {
    Statement& row = ready(c, kBodiesOf, source);
    row.executeStep();
    const bool enough = row.getColumn(0).getInt() >= kMostBodies;
    row.reset();
    return enough;
}

}  // namespace

void put_aside(Connection& c, const AsideNote& what, const std::string& body, const Speaker& said,
               UtcSeconds now) {
    run(c, kAside, std::string(what.kind), std::string(what.reason), body, said.source,
        unix_s(said.at), unix_s(now));
}

void put_in_quarantine(Connection& c, const domain::Refused& refused, const Speaker& by) {
    if (refused.kind == "body" && has_enough_bodies(c, by.source)) return;
    run(c, kQuarantine, by.source, refused.kind, refused.reason, refused.payload, unix_s(by.at));
}

}  // namespace hashprice::storage
