#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "service/http/cache.hpp"
#include "service/http/head.hpp"
#include "service/http/negotiation.hpp"
#include "service/http/options.hpp"
#include "service/http/prepared.hpp"
#include "service/http/route.hpp"
#include "service/http/uri.hpp"

namespace hashprice::service::http {

/// What to send: one of the two responses of `variant`, or a stream of events.
struct Reply {
    static constexpr std::size_t kNoRoute = static_cast<std::size_t>(-1);
    std::shared_ptr<const Variant> variant;
    bool not_modified = false;
    EventHub* events = nullptr;
    Selection selection;           ///< for `events`
    std::size_t route = kNoRoute;  ///< index, for the metrics
    bool streaming = false;
};

/// From a question to its answer: limits, routing, token, parameters, cache, handler, encoding.
///
///   threads   thread-safe
///   outlives  options and routes must live longer
class Engine {
public:
    Engine(const Options& options, const RouteTable& routes);

    /// Never throws; an empty variant without events means: out of memory, cut the connection.
    [[nodiscard]] Reply answer(const Head& head) noexcept;

    [[nodiscard]] const AnswerCache& cache() const { return cache_; }
    [[nodiscard]] const Preparer& preparer() const { return preparer_; }

private:
    /// A question whose route and parameters are known.
    struct Asked {
        const Head* head = nullptr;
        const Route* route = nullptr;
        std::size_t index = 0;
        domain::UtcSeconds now{};
        std::vector<Value> values;
        Selection selection;
        std::string key;  ///< canonical: the same for every spelling of the same question
    };
    Reply dispatch(const Head& head);
    Reply routed(const Head& head, Target target);
    Reply ask(Asked& asked);
    Reply answer_anew(const Asked& asked, AnswerCache::Stamp stamp, bool cached);
    Reply start_stream(const Asked& asked, Response response, AnswerCache::Stamp stamp) const;
    Reply preflight(const Head& head) const;
    Reply refuse(const Head& head, Response response, bool close = false) const;
    static Reply reply_with(const Head& head, std::shared_ptr<const Variant> variant);
    void log(const std::string& line) const;
    [[nodiscard]] std::optional<std::string_view> below_base(std::string_view path) const;
    [[nodiscard]] bool is_protected(std::string_view path) const;
    [[nodiscard]] Selection selection_of(const Head& head) const;
    [[nodiscard]] Response handled(const Asked& asked, std::uint64_t version) const;

    const Options& options_;
    const RouteTable& routes_;
    const CorsPolicy cors_;
    const TokenCheck token_;
    const Preparer preparer_;
    AnswerCache cache_;
    std::vector<bool> route_protected_;
    std::string base_;      // "" or "/hashprice", no slash at the end
    std::string run_name_;  // random: version-made tags of an earlier run never match
};

/// "/", "", "/a", "/a/" -> "", "", "/a", "/a".  errors  not a plain absolute path -> usage
domain::Result<std::string> normal_base_path(std::string_view base_path);

}  // namespace hashprice::service::http
