#pragma once
#include <functional>
#include <string>

#include "service/answers/decline_json.hpp"
#include "storage/conditions.hpp"
#include "storage/fleet_changes.hpp"
#include "storage/outbox.hpp"

/// What happened, put into words: a sentence for people and the JSON object that a webhook gets
/// (docs/alerts.md). Each function writes its message in the transaction it is called in.
///
///   errors  SQLite's -> Errc::database
namespace hashprice::service::notify {

using domain::Day;
using domain::Result;
using domain::Status;
using domain::UtcSeconds;

/// When something is news: it is dated on the newest complete day, and that ended less than 48 h
/// ago. What a backfill brings is kept in silence.
bool is_news(Day day, Day newest_complete, UtcSeconds now);

/// A change of an episode's state. That one is pending, or was dropped, is told to nobody.
Status tell_episode(storage::Database& db, const storage::EpisodeChange& change,
                    const answers::Decline& decline, bool news);
/// The episode is no more: the past that it was made of was corrected. Told to those who had been
/// told of it.
Status tell_withdrawn(storage::Database& db, const domain::Episode& episode, UtcSeconds now);
/// A fleet went under water, or came up.
Status tell_fleet(storage::Database& db, const storage::FleetChange& change, bool news);
/// Notes how a source, or the data as a whole, are; tells when that is another state than before.
Status note_source(storage::Database& db, const std::string& source, bool up,
                   const std::string& reason, UtcSeconds now);
Status note_readiness(storage::Database& db, bool fresh, const std::string& reason, UtcSeconds now);

/// An episode that goes on, told once more: a message that does not go out by itself. Its id.
Result<std::int64_t> add_reminder(storage::Database& db, const answers::Decline& decline,
                                  UtcSeconds due, UtcSeconds now);
/// What `notify test` sends; not stored.
storage::Message test_message(const std::string& receiver, UtcSeconds now);

/// The line that chat services show: "hashprice, warning: ...".
std::string text_of(domain::Severity severity, const std::string& sentence);

}  // namespace hashprice::service::notify
