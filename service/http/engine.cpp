#include "service/http/engine.hpp"

#include <fmt/format.h>

#include <exception>
#include <random>

#include "service/http/params.hpp"
#include "service/http/uri.hpp"

namespace hashprice::service::http {
namespace {

constexpr const char* kAllowed = "GET, HEAD, OPTIONS";

std::string decoded_path(std::string_view path) {
    std::string joined;
    for (const std::string& segment : path_segments(path).value_or(std::vector<std::string>{})) {
        joined += "/" + segment;
    }
    return joined.empty() ? "/" : joined;
}

Response unauthorized() {
    Response response = problem(401, "this path needs the header Authorization: Bearer <token>");
    response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"hashprice\"");
    return response;
}

Response without_body(int status) {
    Response response;
    response.status = status;
    return response;
}

}  // namespace

domain::Result<std::string> normal_base_path(std::string_view base_path) {
    std::string base(base_path);
    while (!base.empty() && base.back() == '/') base.pop_back();
    if (base.empty()) return base;
    const auto target = split_target(base);
    const auto segments = path_segments(base);
    if (!target || !target->query.empty() || !segments || decoded_path(base) != base) {
        return domain::fail(domain::Errc::config, "base path '" + std::string(base_path) +
                                                      "' is not a plain path as /hashprice");
    }
    return base;
}

Engine::Engine(const Options& options, const RouteTable& routes)
    : options_(options),
      routes_(routes),
      cors_(options.cors_origins),
      token_(options.token),
      preparer_(options, cors_),
      cache_(options.cache_bytes),
      base_(normal_base_path(options.base_path).value_or("")),
      run_name_(fmt::format("{:x}", std::random_device{}())) {
    for (const Route& route : routes_.routes()) {
        route_protected_.push_back(is_protected(route.pattern));
    }
}

Reply Engine::answer(const Head& head) noexcept {
    try {
        return dispatch(head);
    } catch (const std::exception&) {
        return {};  // out of memory: no answer can be made, and a log line would need memory too
    }
}

Reply Engine::dispatch(const Head& head) {
    if (head.bad_framing) {
        return refuse(
            head,
            problem(400,
                    "Transfer-Encoding, a doubtful Content-Length, or a header that is malformed"),
            true);
    }
    if (head.has_body) return refuse(head, problem(413, "no request here has a body"), true);
    if (head.target.size() > options_.max_target_bytes) {
        return refuse(head, problem(414, fmt::format("path and query are longer than {} bytes",
                                                     options_.max_target_bytes)));
    }
    if (head.bytes > options_.max_header_bytes) {
        return refuse(head, problem(431, fmt::format("the headers are larger than {} bytes",
                                                     options_.max_header_bytes)));
    }
    if (head.target == "*" && head.method == "OPTIONS") return preflight(head);
    const auto target = split_target(head.target);
    if (!target) return refuse(head, problem(400, "the request target is malformed"));
    return routed(head, *target);
}

Reply Engine::routed(const Head& head, Target target) {
    const auto path = below_base(target.path);
    if (!path) {
        if (target.path != base_) return refuse(head, not_found("nothing is served here"));
        Response moved = without_body(308);
        moved.headers.emplace_back("Location", base_ + "/");
        return refuse(head, std::move(moved));
    }
    auto match = routes_.match(*path);
    if (!match) return refuse(head, problem(400, match.error().what));
    const bool is_options = head.method == "OPTIONS";
    const bool guarded =
        *match ? route_protected_[(*match)->index] : is_protected(decoded_path(*path));
    if (guarded && !is_options && !token_.allows(head.authorization)) {
        return refuse(head, unauthorized());
    }
    if (!*match) return refuse(head, not_found("nothing is served here"));
    if (is_options) return preflight(head);
    if (head.method != "GET" && head.method != "HEAD") {
        Response response = problem(405, "only GET, HEAD and OPTIONS are answered");
        response.headers.emplace_back("Allow", kAllowed);
        return refuse(head, std::move(response), true);
    }

    Asked asked;
    asked.head = &head;
    asked.route = (*match)->route;
    asked.index = (*match)->index;
    asked.now = options_.clock->now();
    auto values = parse_parameters(*asked.route, (*match)->path_values, target.query, asked.now);
    Reply reply;
    if (values) {
        asked.values = std::move(*values);
        reply = ask(asked);
    } else {
        const Refusal& no = values.error();
        reply = refuse(head, problem(no.status, no.detail, no.parameter));
    }
    reply.route = asked.index;
    return reply;
}

Reply Engine::preflight(const Head& head) const {
    Response response = without_body(204);
    response.headers.emplace_back("Allow", kAllowed);
    if (head.preflight && cors_.number_of(head.origin) != 0) {
        response.headers.emplace_back("Access-Control-Allow-Methods", kAllowed);
        response.headers.emplace_back("Access-Control-Allow-Headers",
                                      "Authorization, Cache-Control, If-None-Match, Last-Event-ID");
        response.headers.emplace_back("Access-Control-Max-Age", "86400");
    }
    return refuse(head, std::move(response));
}

Reply Engine::refuse(const Head& head, Response response, bool close) const {
    if (close) response.headers.emplace_back("Connection", "close");
    const Payload payload(std::move(response), nullptr, false);
    Reply reply;
    reply.variant = preparer_.prepare(payload, {false, cors_.number_of(head.origin)});
    return reply;
}

std::optional<std::string_view> Engine::below_base(std::string_view path) const {
    if (base_.empty()) return path;
    if (!path.starts_with(base_) || path.size() == base_.size() || path[base_.size()] != '/') {
        return std::nullopt;
    }
    return path.substr(base_.size());
}

bool Engine::is_protected(std::string_view path) const {
    return token_.required() && path_under_any(path, options_.protected_prefixes);
}

Selection Engine::selection_of(const Head& head) const {
    return {!head.accept_encoding.empty() && accepts_gzip(head.accept_encoding),
            cors_.number_of(head.origin)};
}

void Engine::log(const std::string& line) const {
    if (options_.log) options_.log(line);
}

}  // namespace hashprice::service::http
