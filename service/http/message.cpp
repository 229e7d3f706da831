#include "service/http/message.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <stdexcept>

#include "service/http/route.hpp"

namespace hashprice::service::http {

using domain::Errc;

Response ok(std::string body, std::string media_type) {
    Response response;
    response.media_type = std::move(media_type);
    response.body = std::make_shared<const std::string>(std::move(body));
    return response;
}

Response problem(int status, std::string_view detail, std::string_view parameter) {
    rapidjson::StringBuffer text;
    rapidjson::Writer<rapidjson::StringBuffer> json(text);
    const auto member = [&json](const char* name, std::string_view value) {
        json.Key(name);
        json.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
    };
    json.StartObject();
    member("type", "about:blank");
    member("title", reason_phrase(status));
    json.Key("status");
    json.Int(status);
    member("detail", detail);
    if (!parameter.empty()) member("parameter", parameter);
    json.EndObject();

    Response response = ok({text.GetString(), text.GetSize()}, "application/problem+json");
    response.status = status;
    response.cache_control = "no-store";
    response.cacheable = false;
    return response;
}

Response bad_request(std::string_view parameter, std::string_view detail) {
    return problem(400, detail, parameter);
}

Response not_found(std::string_view detail) { return problem(404, detail); }

Response unavailable(std::string_view detail, domain::seconds retry_after) {
    Response response = problem(503, detail);
    response.headers.emplace_back("Retry-After", std::to_string(retry_after.count()));
    return response;
}

Response problem_of(const domain::Error& error) {
    switch (error.code) {
        case Errc::usage:
        case Errc::out_of_range:
            return problem(400, error.what);
        case Errc::not_found:
            return problem(404, error.what);
        case Errc::database:
        case Errc::locked:
            return unavailable("the database cannot be read at the moment", domain::seconds{5});
        case Errc::timeout:
        case Errc::network:
        case Errc::stopped:
            return unavailable("the answer cannot be given at the moment", domain::seconds{5});
        case Errc::config:
        case Errc::http_status:
        case Errc::bad_payload:
            break;
    }
    return problem(500, "the answer could not be made; the log says why");
}

std::string_view reason_phrase(int status) {
    switch (status) {
        case 200:
            return "OK";
        case 204:
            return "No Content";
        case 304:
            return "Not Modified";
        case 308:
            return "Permanent Redirect";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 413:
            return "Content Too Large";
        case 414:
            return "URI Too Long";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 503:
            return "Service Unavailable";
        default:
            return "Unknown";
    }
}

Request::Request(const RouteTable& table, const Route& route, domain::UtcSeconds now,
                 std::uint64_t data_version)
    : table_(&table), route_(&route), now_(now), data_version_(data_version) {}

const Value& Request::value(std::string_view name) const {
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (route_->parameters[i].name == name) return values[i];
    }
    throw std::logic_error("the route declares no parameter " + std::string(name));
}

template <class T>
const T& Request::as(std::string_view name) const {
    const T* typed = std::get_if<T>(&value(name));
    if (typed == nullptr) {
        throw std::logic_error("parameter " + std::string(name) + " is absent or of another type");
    }
    return *typed;
}

bool Request::has(std::string_view name) const {
    return !std::holds_alternative<std::monostate>(value(name));
}
const std::string& Request::text(std::string_view name) const { return as<std::string>(name); }
std::int64_t Request::integer(std::string_view name) const { return as<std::int64_t>(name); }
double Request::number(std::string_view name) const { return as<double>(name); }
bool Request::flag(std::string_view name) const { return as<bool>(name); }
domain::UtcSeconds Request::time(std::string_view name) const {
    return as<domain::UtcSeconds>(name);
}
const std::vector<std::string>& Request::list(std::string_view name) const {
    return as<std::vector<std::string>>(name);
}

}  // namespace hashprice::service::http
