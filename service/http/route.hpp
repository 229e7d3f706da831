#pragma once
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "service/http/message.hpp"

namespace hashprice::service::http {

/// `time` reads a bare date as 00:00 UTC (the end of a range), `instant` as that day's 24:00.
enum class Kind { enumeration, integer, number, time, instant, string, boolean, list };
enum class In { query, path };

/// One parameter: what is parsed, checked and documented, from one place.
struct Param {
    std::string name;
    Kind kind = Kind::string;
    std::string description;
    std::vector<std::string> choices;  ///< of an enumeration; of a list's items (empty: any)
    std::string default_text;          ///< as a client would write it; empty: no default
    bool required = false;
    double min = -std::numeric_limits<double>::infinity();  ///< integer, number; inclusive
    double max = std::numeric_limits<double>::infinity();
    std::size_t max_length = 200;  ///< bytes of a string; items of a list
    In in = In::query;             ///< path: its name stands in the pattern as {name}
    std::string example;
};

/// How an answer may be kept, here and by the client.
enum class Caching {
    data,   ///< until the data version changes, or the time bucket does
    fixed,  ///< as long as the process lives (the dashboard's files)
    none    ///< never: health, metrics, events
};

/// One documented media type of the good answer.
struct Content {
    std::string media_type = "application/json";
    std::string schema;   ///< JSON Schema as compact JSON; empty: a plain string
    std::string example;  ///< JSON text for JSON types, else the text itself; empty: none
};

/// One documented answer besides 200, the problems that the server adds itself left out.
struct Documented {
    int status = 404;
    std::string description;
    Content content;  ///< media_type application/problem+json: the schema is added
};

struct Route {
    std::string pattern;       ///< "/api/v1/declines/{id}"; GET, HEAD and OPTIONS are answered
    std::string operation_id;  ///< unique; names the route in metrics too
    std::string summary;
    std::string description;
    std::string tag;
    std::vector<Param> parameters;
    std::vector<Content> contents = {Content{}};
    std::vector<Documented> also;
    std::string cache_control = "no-cache";  ///< of good answers
    Caching caching = Caching::data;
    /// For answers that flip with time alone (stale): kept only within the same floor(now /
    /// bucket).
    domain::seconds time_bucket{0};
    /// "now" in a parameter is rounded up to this grid, so that "-30d" repeats the same question.
    domain::seconds now_grid{1};
    bool documented = true;  ///< false keeps it out of the OpenAPI text (files of the dashboard)
    Handler handler;         ///< thread-safe; runs on an event loop
};

/// All routes; immutable once the server runs.
///
///   threads  thread-safe after the last add
class RouteTable {
public:
    /// errors  pattern, parameter or default that cannot work, or a second of the same -> usage
    domain::Status add(Route route);

    struct Match {
        const Route* route = nullptr;
        std::size_t index = 0;                 ///< of the route in routes()
        std::vector<std::string> path_values;  ///< in the order of the {names}
    };
    /// `path` raw, base path already taken off. none: no such route; Error: a malformed path.
    [[nodiscard]] domain::Result<std::optional<Match>> match(std::string_view path) const;

    [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

private:
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };
    struct Pattern {
        std::vector<std::string> segments;
        std::size_t index = 0;
    };
    std::vector<Route> routes_;
    std::unordered_map<std::string, std::size_t, TextHash, std::equal_to<>> literal_;
    std::vector<Pattern> patterns_;
};

}  // namespace hashprice::service::http
