#include "service/notify/messages.hpp"

#include <fmt/format.h>

#include "service/notify/sentences.hpp"

namespace hashprice::service::notify {
namespace {

using answers::Json;
using answers::object;
using answers::put;
using answers::put_time;
using domain::Severity;
using storage::Database;
using storage::Message;
using Details = std::function<void(Json&)>;

constexpr domain::seconds kNewsFor{48 * 3600};

std::string body_of(const Message& m, const Details& details) {
    return answers::json_text([&](Json& json) {
        object(json, [&] {
            put(json, "event_id", m.event);
            put(json, "type", m.kind + "." + m.change);
            put_time(json, "time", m.at);
            put_time(json, "recorded_at", m.recorded_at);
            put(json, "severity", severity_name(m.severity));
            put(json, "subject", m.subject);
            put(json, "sentence", m.sentence);
            put(json, "text", text_of(m.severity, m.sentence));
            details(json);
        });
    });
}

Result<std::int64_t> add(Database& db, Message m, const Details& details) {
    auto event = storage::free_event(db, m.event);
    if (!event) return tl::unexpected(event.error());
    m.event = std::move(*event);
    m.body = body_of(m, details);
    return storage::add_message(db, m);
}

Status tell(Database& db, const Message& m, const Details& details) {
    return add(db, m, details).map([](std::int64_t) {});
}

UtcSeconds close_of(Day day) { return UtcSeconds{day} + domain::kDay; }

Details details_of(const storage::EpisodeChange& c, const answers::Decline& decline) {
    return [&](Json& json) {
        put(json, "rule", c.rule);
        object(json, "change", [&] {
            answers::put_day(json, c.day);
            put(json, "event", c.kind);
            put(json, "state", state_name(c.state));
            put(json, "severity", severity_name(c.severity));
            put(json, "value", c.value);
            put(json, "drawdown", c.drawdown);
        });
        json.Key("episode");
        answers::put_decline(json, decline);
    };
}

/// Whoever was told of something bad is told that it is over; nobody else.
Result<bool> was_told(Database& db, const std::string& kind, const std::string& subject,
                      std::string_view bad) {
    return storage::newest_told(db, kind, subject).map([&](const auto& newest) {
        return newest && newest->change == bad;
    });
}

Status note(Database& db, const storage::Condition& condition, Message m,
            std::string_view bad_change) {
    const auto news = storage::note_condition(db, condition);
    if (!news) return tl::unexpected(news.error());
    if (!*news) return {};
    if (condition.good) {
        const auto told = was_told(db, m.kind, m.subject, bad_change);
        if (!told) return tl::unexpected(told.error());
        m.goes_out = *told;
    }
    m.at = m.recorded_at = condition.since;
    m.event = fmt::format("{}:{}:{}:{}", m.kind, m.subject, m.change,
                          domain::format_time(condition.since));
    return tell(db, m, [&](Json& json) {
        object(json, m.kind, [&] {
            put(json, "name", m.subject);
            put(json, condition.kind == "source" ? "up" : "fresh", condition.good);
            put(json, "reason",
                condition.good ? std::optional<std::string>{} : std::optional(condition.reason));
        });
    });
}

}  // namespace

bool is_news(Day day, Day newest_complete, UtcSeconds now) {
    return day == newest_complete && now - close_of(day) < kNewsFor;
}

Status tell_episode(Database& db, const storage::EpisodeChange& c, const answers::Decline& decline,
                    bool news) {
    const bool silent = c.kind == "pending" || c.kind == "dropped";
    const Message m{.event = fmt::format("{}:{}:{}", c.episode, c.kind, domain::format_date(c.day)),
                    .kind = "episode",
                    .subject = c.episode,
                    .rule = c.rule,
                    .change = c.kind,
                    .severity = c.severity,
                    .goes_out = news && !silent,
                    .at = close_of(c.day),
                    .recorded_at = c.recorded_at,
                    .sentence = episode_sentence(c, decline.episode)};
    return tell(db, m, details_of(c, decline));
}

Status tell_withdrawn(Database& db, const domain::Episode& e, UtcSeconds now) {
    const auto newest = storage::newest_told(db, "episode", e.id);
    if (!newest) return tl::unexpected(newest.error());
    const bool over = !*newest || (*newest)->change == "closed" || (*newest)->change == "withdrawn";
    if (over) return {};
    const Message m{.event = fmt::format("{}:withdrawn:{}", e.id, domain::format_date(e.through)),
                    .kind = "episode",
                    .subject = e.id,
                    .rule = e.rule,
                    .change = "withdrawn",
                    .severity = (*newest)->severity,
                    .at = now,
                    .recorded_at = now,
                    .sentence = withdrawn_sentence(e)};
    return tell(db, m, [&](Json& json) {
        put(json, "rule", e.rule);
        json.Key("episode");
        answers::put_decline(json, {e, {}, {}});
    });
}

Status tell_fleet(Database& db, const storage::FleetChange& c, bool news) {
    const std::string change = c.under_water ? "under-water" : "above-water";
    const Message m{
        .event = fmt::format("fleet:{}:{}:{}", c.fleet, change, domain::format_date(c.day)),
        .kind = "fleet",
        .subject = c.fleet,
        .change = change,
        .severity = Severity::warning,
        .goes_out = news,
        .at = close_of(c.day),
        .recorded_at = c.recorded_at,
        .sentence = fleet_sentence(c)};
    return tell(db, m, [&](Json& json) {
        object(json, "fleet", [&] {
            put(json, "name", c.fleet);
            put(json, "under_water", c.under_water);
            answers::put_day(json, c.day);
            put(json, "close_usd_per_ph_day", c.close_usd);
            put(json, "shutdown_usd_per_ph_day", c.shutdown_usd);
        });
    });
}

Status note_source(Database& db, const std::string& source, bool up, const std::string& reason,
                   UtcSeconds now) {
    return note(db, {"source", source, up, up ? "" : reason, now},
                {.kind = "source",
                 .subject = source,
                 .change = up ? "up" : "down",
                 .severity = Severity::notice,
                 .sentence = source_sentence(source, up, reason)},
                "down");
}

Status note_readiness(Database& db, bool fresh, const std::string& reason, UtcSeconds now) {
    return note(db, {"readiness", "data", fresh, fresh ? "" : reason, now},
                {.kind = "readiness",
                 .subject = "data",
                 .change = fresh ? "fresh" : "stale",
                 .severity = Severity::warning,
                 .sentence = readiness_sentence(fresh, reason)},
                "stale");
}

Result<std::int64_t> add_reminder(Database& db, const answers::Decline& decline, UtcSeconds due,
                                  UtcSeconds now) {
    const domain::Episode& e = decline.episode;
    const Message m{.event = fmt::format("{}:reminder:{}", e.id, domain::format_time(due)),
                    .kind = "episode",
                    .subject = e.id,
                    .rule = e.rule,
                    .change = "reminder",
                    .severity = e.severity,
                    .goes_out = false,
                    .at = close_of(e.last.day),
                    .recorded_at = now,
                    .sentence = reminder_sentence(e)};
    const storage::EpisodeChange now_so{.rule = e.rule,
                                        .episode = e.id,
                                        .kind = "reminder",
                                        .day = e.last.day,
                                        .state = e.state,
                                        .severity = e.severity,
                                        .value = e.last.value,
                                        .drawdown = e.drawdown()};
    return add(db, m, details_of(now_so, decline));
}

Message test_message(const std::string& receiver, UtcSeconds now) {
    Message m{.event = fmt::format("test:{}:{}", receiver, domain::format_time(now)),
              .kind = "test",
              .subject = receiver,
              .change = "sent",
              .severity = Severity::notice,
              .at = now,
              .recorded_at = now,
              .sentence =
                  fmt::format("This is a test of the receiver {}: no decline is meant.", receiver)};
    m.body = body_of(m, [](Json&) {});
    return m;
}

std::string text_of(Severity severity, const std::string& sentence) {
    return fmt::format("hashprice, {}: {}", severity_name(severity), sentence);
}

}  // namespace hashprice::service::notify
