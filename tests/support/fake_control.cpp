#include <fmt/format.h>

#include <map>

#include "tests/support/fake_server.hpp"

/// FakeUpstream's controls over HTTP, for tests of the whole program:
///
///   /_control/now?t=1763164800[&run=1]     set the present; run=1 lets it move with real time
///   /_control/fault?prefix=/kraken&kind=status[&amount=429][&retry_after=30][&probability=0.3]
///                  [&times=5]
///   /_control/heal   /_control/reorg?n=3   /_control/fill_hole   /_control/seed?n=7
///   /_control/offset?mount=/coinbase&cents=150   /_control/login?login=user:password
///   /_control/requests   {"/mempool/api/v1/blocks/925000":1,...}   /_control/forget
namespace hashprice::fake {
namespace {

Reply done() { return {200, "{}"}; }
Reply refused(const std::string& why) { return {400, why, "text/plain", {}}; }

Reply set_present(FakeUpstream& upstream, const Request& request) {
    const UtcSeconds t = domain::utc(request.number("t", 0));
    if (t == UtcSeconds{}) return refused("t is missing");
    if (request.number("run", 0) != 0) {
        upstream.run_from(t);
    } else {
        upstream.set_now(t);
    }
    return done();
}

Reply order_fault(FakeUpstream& upstream, const Request& request) {
    const auto kind = parse_fault(request.text("kind"));
    if (!kind) return refused("no such kind of fault");
    Fault fault;
    fault.prefix = request.text("prefix", "/");
    fault.kind = *kind;
    fault.amount = request.number("amount", 0);
    fault.retry_after = request.text("retry_after");
    fault.probability = std::stod(request.text("probability", "1"));
    fault.times = static_cast<int>(request.number("times", -1));
    upstream.order(fault);
    return done();
}

Reply count_requests(const FakeUpstream& upstream) {
    std::map<std::string, int> counts;
    for (const Hit& hit : upstream.hits()) ++counts[hit.path];
    std::vector<std::string> fields;
    fields.reserve(counts.size());
    for (const auto& [path, count] : counts)
        fields.push_back(fmt::format(R"("{}":{})", path, count));
    return {200, fmt::format("{{{}}}", fmt::join(fields, ","))};
}

}  // namespace

Reply control_reply(FakeUpstream& upstream, const Request& request) {
    const std::string& path = request.path;
    if (path == "/now") return set_present(upstream, request);
    if (path == "/fault") return order_fault(upstream, request);
    if (path == "/requests") return count_requests(upstream);
    if (path == "/heal") return upstream.heal(), done();
    if (path == "/forget") return upstream.forget_hits(), done();
    if (path == "/fill_hole") return upstream.fill_hole(), done();
    if (path == "/seed") {
        return upstream.seed(static_cast<std::uint64_t>(request.number("n", 1))), done();
    }
    if (path == "/reorg") return upstream.reorg(static_cast<int>(request.number("n", 1))), done();
    if (path == "/offset") {
        return upstream.offset_price(request.text("mount"), request.number("cents", 0)), done();
    }
    if (path == "/login") return upstream.set_rpc_login(request.text("login")), done();
    return not_found("no such control");
}

}  // namespace hashprice::fake
