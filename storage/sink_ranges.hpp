#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "storage/database.hpp"

/// Which observations a sink has not got as they are now: ranges of time, not copies.
///
///   shape   replace_observations notes what it changes, for every registered sink, in its own
///           transaction; without a sink that is one look at an empty table. Neighbours become one
///           range, so that a sink that is away for a year leaves as many rows as there were
///           separate stretches of change, a day apart
///   errors  SQLite's -> Errc::database
namespace hashprice::storage {

struct SinkState {
    std::string name;
    std::int64_t points = 0;  ///< received since it was first seen, repetitions included
    std::optional<UtcSeconds> last_success;
    std::string last_error;                  ///< empty: the last attempt was received
    std::int64_t ranges = 0;                 ///< that wait
    std::optional<UtcSeconds> waiting_from;  ///< of the newest observations; none: it has them
    domain::seconds lag{0};                  ///< how much of them that is
};

/// Makes the registered sinks those: a new one is owed the whole history, one that is left out is
/// forgotten. What was on its way when the program ended is owed again. Call within a Transaction.
Status register_sinks(Database& db, const std::vector<std::string>& names);
/// The sink is owed the observations with from < time <= to once more. Call within a Transaction.
///   errors  it is not registered -> Errc::not_found
Status owe(Database& db, const std::string& sink, UtcSeconds from, UtcSeconds to);
Result<std::vector<SinkState>> sinks(Database& db);  ///< by name

/// The next part to send: the newest that is owed, with at most so many observations.
struct SinkPart {
    std::int64_t id = 0;
    UtcSeconds from;  ///< not included
    UtcSeconds to;    ///< included
};
/// Takes it in hand: what changes within it from now on is owed anew. One transaction; none when
/// nothing is owed.
Result<std::optional<SinkPart>> take_part(Database& db, const std::string& sink, int most);
/// It was received. One transaction.
Status part_sent(Database& db, const std::string& sink, const SinkPart& part, std::int64_t points,
                 UtcSeconds now);
/// It was not, and is owed again. One transaction.
Status part_failed(Database& db, const std::string& sink, const SinkPart& part,
                   const std::string& error);

struct Connection;
/// For replace_observations: these instants changed, ascending. Throws what SQLiteCpp throws.
void note_changed(Connection& connection, std::span<const UtcSeconds> instants);

}  // namespace hashprice::storage
