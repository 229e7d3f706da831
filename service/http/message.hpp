#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "domain/result.hpp"
#include "domain/time.hpp"

namespace hashprice::service::http {

class EventHub;
class RouteTable;
struct Route;

/// Fills `chunk` with the next piece (it comes empty, with capacity); false: that was the end (what
/// `chunk` holds then is still sent). An Error cuts the connection, so that the client sees a
/// truncated answer, not a complete one. Called on an event loop: a piece should take a
/// millisecond at most and be 16 to 64 KB. Destroyed as soon as the client leaves.
using Generator = std::function<domain::Result<bool>(std::string& chunk)>;

using Body = std::shared_ptr<const std::string>;

/// What a handler answers: a body, or a generator, or a stream of events.
struct Response {
    int status = 200;
    std::string media_type = "application/json";
    Body body;                   ///< none means empty
    Generator stream;            ///< instead of `body`: sent as it comes, never cached
    EventHub* events = nullptr;  ///< instead of `body`: see EventHub::route
    std::string cache_control;   ///< empty: the route's
    std::string etag;            ///< opaque part only; empty: derived from the body
    bool cacheable = true;       ///< false keeps this one answer out of the cache
    std::vector<std::pair<std::string, std::string>> headers;  ///< Location, Content-Disposition...
};

/// 200 with a finished body.
Response ok(std::string body, std::string media_type = "application/json");

/// Errors as RFC 9457 application/problem+json.
///
///   parameter  the name of the one at fault, or empty
Response problem(int status, std::string_view detail, std::string_view parameter = {});
Response bad_request(std::string_view parameter, std::string_view detail);
Response not_found(std::string_view detail);
Response unavailable(std::string_view detail, domain::seconds retry_after);

/// The one table from failures to statuses: usage and out_of_range 400, not_found 404, database,
/// network, timeout, locked and stopped 503, the rest 500. Details of what broke inside stay
/// inside.
Response problem_of(const domain::Error& error);

std::string_view reason_phrase(int status);

/// A validated parameter; monostate: not given and without default.
using Value = std::variant<std::monostate, std::string, std::int64_t, double, bool,
                           domain::UtcSeconds, std::vector<std::string>>;

/// The question as a handler sees it: every parameter already checked against the route.
///
///   asking for a name that the route does not declare, or as another type, is a bug: it throws,
///   and the client gets a 500
class Request {
public:
    Request(const RouteTable& table, const Route& route, domain::UtcSeconds now,
            std::uint64_t data_version);

    [[nodiscard]] bool has(std::string_view name) const;  ///< given, or has a default
    [[nodiscard]] const std::string& text(std::string_view name) const;  ///< string, enumeration
    [[nodiscard]] std::int64_t integer(std::string_view name) const;
    [[nodiscard]] double number(std::string_view name) const;
    [[nodiscard]] bool flag(std::string_view name) const;
    [[nodiscard]] domain::UtcSeconds time(std::string_view name) const;
    [[nodiscard]] const std::vector<std::string>& list(std::string_view name) const;
    [[nodiscard]] domain::UtcSeconds now() const { return now_; }
    [[nodiscard]] std::uint64_t data_version() const { return data_version_; }
    [[nodiscard]] const RouteTable& table() const { return *table_; }
    [[nodiscard]] const Route& route() const { return *route_; }

    std::vector<Value> values;  ///< in the order of the route's parameters
    std::string last_event_id;  ///< the Last-Event-ID header

private:
    [[nodiscard]] const Value& value(std::string_view name) const;
    template <class T>
    [[nodiscard]] const T& as(std::string_view name) const;

    const RouteTable* table_;
    const Route* route_;
    domain::UtcSeconds now_;
    std::uint64_t data_version_;
};

using Handler = std::function<domain::Result<Response>(const Request&)>;

}  // namespace hashprice::service::http
