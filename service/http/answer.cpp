// The second half of the Engine: a question whose route and parameters are known.
#include <fmt/format.h>

#include <exception>
#include <functional>

#include "service/http/engine.hpp"
#include "service/http/params.hpp"

namespace hashprice::service::http {

Reply Engine::reply_with(const Head& head, std::shared_ptr<const Variant> variant) {
    Reply reply;
    reply.not_modified = variant && variant->not_modified != nullptr &&
                         !head.if_none_match.empty() &&
                         names_etag(head.if_none_match, variant->etag);
    reply.variant = std::move(variant);
    return reply;
}

Reply Engine::ask(Asked& asked) {
    const Route& route = *asked.route;
    const bool by_data = route.caching == Caching::data;
    AnswerCache::Stamp stamp;
    if (by_data && options_.data_version) stamp.version = options_.data_version();
    if (route.time_bucket.count() > 0) {
        stamp.bucket = domain::unix_s(asked.now) / route.time_bucket.count();
    }
    asked.selection = selection_of(*asked.head);
    fmt::format_to(std::back_inserter(asked.key), "{}", asked.index);
    append_canonical(asked.key, asked.values);

    const bool cached = route.caching != Caching::none && options_.cache_bytes > 0;
    if (!cached) return answer_anew(asked, stamp, cached);
    const AnswerCache::Found found = cache_.find(asked.key, stamp, asked.selection.index());
    if (found.variant) return reply_with(*asked.head, found.variant);
    if (!found.payload) return answer_anew(asked, stamp, cached);
    auto variant = preparer_.prepare(*found.payload, asked.selection);
    if (variant) {
        cache_.store_variant(asked.key, found.payload, asked.selection.index(), variant);
    }
    return reply_with(*asked.head, std::move(variant));
}

Response Engine::handled(const Asked& asked, std::uint64_t version) const {
    Request request(routes_, *asked.route, asked.now, version);
    request.values = asked.values;
    request.last_event_id = asked.head->last_event_id;
    try {
        auto response = asked.route->handler(request);
        if (response) return std::move(*response);
        Response failed = problem_of(response.error());
        if (failed.status >= 500) {
            log(fmt::format("http: {}: {}", asked.route->operation_id, response.error().what));
        }
        return failed;
    } catch (const std::exception& error) {
        log(fmt::format("http: {}: unexpected: {}", asked.route->operation_id, error.what()));
        return problem(500, "the answer could not be made; the log says why");
    }
}

Reply Engine::answer_anew(const Asked& asked, AnswerCache::Stamp stamp, bool cached) {
    Response response = handled(asked, stamp.version);
    if (response.events != nullptr) {
        Reply reply;
        reply.events = response.events;
        reply.selection = {false, asked.selection.origin};
        return reply;
    }
    if (response.stream) return start_stream(asked, std::move(response), stamp);

    auto payload = std::make_shared<const Payload>(std::move(response), asked.route,
                                                   route_protected_[asked.index]);
    auto variant = preparer_.prepare(*payload, asked.selection);
    const bool keep = cached && payload->response().status == 200 && payload->response().cacheable;
    if (keep && variant) {
        cache_.store(asked.key, stamp, payload);
        cache_.store_variant(asked.key, payload, asked.selection.index(), variant);
    }
    return reply_with(*asked.head, std::move(variant));
}

Reply Engine::start_stream(const Asked& asked, Response response, AnswerCache::Stamp stamp) const {
    std::string tag;
    if (asked.route->caching == Caching::data && response.status == 200) {
        // Of this run only: a data version may begin anew in the next.
        tag = fmt::format("{}-{:x}-{:x}-{:016x}", run_name_, stamp.version, stamp.bucket,
                          std::hash<std::string>{}(asked.key));
    }
    const std::string cache_control =
        cache_control_of(response, asked.route, route_protected_[asked.index]);
    Reply reply = reply_with(
        *asked.head,
        preparer_.prepare_stream(std::move(response), cache_control, asked.selection, tag));
    reply.streaming = true;
    return reply;
}

}  // namespace hashprice::service::http
