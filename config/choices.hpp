#pragma once
#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>

/// The closed sets of words that settings choose from, and how each is written in the file.
///
///   rule  the n-th name belongs to the n-th enumerator
namespace hashprice::config {

enum class PriceMethod { mean, median };
constexpr std::array<std::string_view, 2> choice_names(PriceMethod) { return {"mean", "median"}; }

enum class SourceKind {
    mempool,
    esplora,
    bitcoin_core,
    blockchain_com,
    coinbase,
    kraken,
    bitstamp,
    gemini,
    braiins,
    luxor
};
constexpr std::array<std::string_view, 10> choice_names(SourceKind) {
    return {"mempool", "esplora",  "bitcoin_core", "blockchain_com", "coinbase",
            "kraken",  "bitstamp", "gemini",       "braiins",        "luxor"};
}
/// An exchange: only these may stand in price.sources.
constexpr bool is_exchange(SourceKind kind) {
    return kind == SourceKind::coinbase || kind == SourceKind::kraken ||
           kind == SourceKind::bitstamp || kind == SourceKind::gemini;
}

enum class RuleKind { drawdown, level, rate };
constexpr std::array<std::string_view, 3> choice_names(RuleKind) {
    return {"drawdown", "level", "rate"};
}

enum class Denomination { usd, btc, sat };
constexpr std::array<std::string_view, 3> choice_names(Denomination) {
    return {"usd", "btc", "sat"};
}

enum class NotifyKind { webhook, alertmanager };
constexpr std::array<std::string_view, 2> choice_names(NotifyKind) {
    return {"webhook", "alertmanager"};
}

enum class Severity { notice, warning, critical };
constexpr std::array<std::string_view, 3> choice_names(Severity) {
    return {"notice", "warning", "critical"};
}

/// What a webhook posts: the whole message, or only the line for a chat.
enum class WebhookFormat { full, text };
constexpr std::array<std::string_view, 2> choice_names(WebhookFormat) { return {"full", "text"}; }

/// What receivers can be told of.
inline constexpr std::array<std::string_view, 4> kEventKinds{"episode", "fleet", "source",
                                                             "readiness"};

/// The word before a token in the Authorization header.
enum class TokenScheme { bearer, token };
constexpr std::array<std::string_view, 2> choice_names(TokenScheme) { return {"bearer", "token"}; }

/// How a store comes to the newest version of a point (service/sinks/influx.hpp).
enum class Revisions { overwrite, dedup };
constexpr std::array<std::string_view, 2> choice_names(Revisions) { return {"overwrite", "dedup"}; }

enum class SinkKind { influx };
constexpr std::array<std::string_view, 1> choice_names(SinkKind) { return {"influx"}; }

enum class LogLevel { trace, debug, info, warn, error };
constexpr std::array<std::string_view, 5> choice_names(LogLevel) {
    return {"trace", "debug", "info", "warn", "error"};
}

/// Parts of the daemon whose lines may have a level of their own.
constexpr std::array<std::string_view, 4> kLogRooms{"ingest", "trend", "http", "notify"};

enum class LogFormat { text, json };
constexpr std::array<std::string_view, 2> choice_names(LogFormat) { return {"text", "json"}; }

template <class E>
inline constexpr auto kChoices = choice_names(E{});  ///< static storage for a span of them

template <class E>
requires std::is_enum_v<E>
constexpr std::string_view name_of(E choice) {
    return kChoices<E>[static_cast<std::size_t>(choice)];
}

}  // namespace hashprice::config
