#include "tests/support/fake_server.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <thread>

namespace hashprice::fake {
namespace {

using namespace std::chrono_literals;

struct Mount {
    std::string_view prefix;
    Reply (*reply)(const View&, const Request&);
};
constexpr std::array kMounts{
    Mount{"/mempool", &mempool_reply},           Mount{"/esplora", &esplora_reply},
    Mount{"/coinbase", &coinbase_reply},         Mount{"/kraken", &kraken_reply},
    Mount{"/bitstamp", &bitstamp_reply},         Mount{"/gemini", &gemini_reply},
    Mount{"/blockchain_com", &blockchain_reply}, Mount{"/bitcoin_core", &core_reply},
    Mount{"/braiins", &braiins_reply},           Mount{"/luxor", &luxor_reply}};

/// What MHD hands back to us while a request arrives.
struct Arriving {
    Request request;
};

MHD_Result add_query(void* user, MHD_ValueKind, const char* key, const char* value) {
    static_cast<Request*>(user)->query[key] = value == nullptr ? "" : value;
    return MHD_YES;
}

// The signature is microhttpd's. NOLINTNEXTLINE(readability-function-size)
MHD_Result on_request(void* user, MHD_Connection* connection, const char* url, const char* method,
                      const char*, const char* data, size_t* size, void** state) {
    auto* server = static_cast<FakeUpstream::Server*>(user);
    if (*state == nullptr) {
        *state = new Arriving;
        return MHD_YES;
    }
    auto* arriving = static_cast<Arriving*>(*state);
    if (*size > 0) {
        arriving->request.body.append(data, *size);
        *size = 0;
        return MHD_YES;
    }
    Request& request = arriving->request;
    request.method = method;
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, &add_query, &request);
    const char* login = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Authorization");
    if (login != nullptr) request.authorization = login;
    const char* mark = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "If-None-Match");
    if (mark != nullptr) request.if_none_match = mark;
    std::optional<Fault> fault;
    Reply reply = server->answer(url, request, fault);
    return server->deliver(connection, std::move(reply), fault);
}

void on_done(void*, MHD_Connection*, void** state, MHD_RequestTerminationCode) {
    delete static_cast<Arriving*>(*state);
    *state = nullptr;
}

/// A body that comes in pieces, or never ends, or stops short.
struct Trickle {
    FakeUpstream::Server* server;
    std::string body;
    Fault fault;
};

ssize_t next_piece(void* user, uint64_t position, char* buffer, size_t room) {
    const auto* trickle = static_cast<Trickle*>(user);
    if (trickle->server->stopping) return MHD_CONTENT_READER_END_WITH_ERROR;
    if (trickle->fault.kind == FaultKind::endless) {
        std::fill_n(buffer, room, ' ');
        return static_cast<ssize_t>(room);
    }
    const bool slow = trickle->fault.kind == FaultKind::slow_body;
    if (slow) std::this_thread::sleep_for(trickle->fault.amount * 1ms);
    const auto end = slow ? trickle->body.size() : static_cast<std::size_t>(trickle->fault.amount);
    if (position >= std::min(end, trickle->body.size())) return MHD_CONTENT_READER_END_WITH_ERROR;
    const std::size_t bytes = slow ? 1 : std::min(room, end - position);
    std::copy_n(trickle->body.data() + position, bytes, buffer);
    return static_cast<ssize_t>(bytes);
}

MHD_Response* response_of(FakeUpstream::Server& server, Reply& reply,
                          const std::optional<Fault>& fault) {
    const bool trickles =
        fault && (fault->kind == FaultKind::slow_body || fault->kind == FaultKind::truncated ||
                  fault->kind == FaultKind::endless);
    if (!trickles) {
        return MHD_create_response_from_buffer(reply.body.size(), reply.body.data(),
                                               MHD_RESPMEM_MUST_COPY);
    }
    const std::uint64_t length =
        fault->kind == FaultKind::endless ? MHD_SIZE_UNKNOWN : reply.body.size();
    auto* trickle = new Trickle{&server, std::move(reply.body), *fault};
    return MHD_create_response_from_callback(
        length, 1024, &next_piece, trickle, [](void* user) { delete static_cast<Trickle*>(user); });
}

}  // namespace

MHD_Result FakeUpstream::Server::deliver(MHD_Connection* connection, Reply reply,
                                         const std::optional<Fault>& fault) {
    if (fault && fault->kind == FaultKind::close) return MHD_NO;
    if (fault && fault->kind == FaultKind::slow_headers) {
        const auto until = std::chrono::steady_clock::now() + fault->amount * 1ms;
        while (std::chrono::steady_clock::now() < until && !stopping) {
            std::this_thread::sleep_for(5ms);
        }
    }
    MHD_Response* response = response_of(*this, reply, fault);
    MHD_add_response_header(response, "Content-Type", reply.type.c_str());
    for (const auto& [name, value] : reply.headers) {
        MHD_add_response_header(response, name.c_str(), value.c_str());
    }
    const MHD_Result queued =
        MHD_queue_response(connection, static_cast<unsigned>(reply.status), response);
    MHD_destroy_response(response);
    return queued;
}

std::optional<Fault> FakeUpstream::Server::pick_fault(const std::string& path) {
    for (Fault& fault : faults) {
        if (!path.starts_with(fault.prefix) || fault.times == 0) continue;
        if (std::uniform_real_distribution<>(0.0, 1.0)(random) >= fault.probability) continue;
        if (fault.times > 0) --fault.times;
        return fault;
    }
    return std::nullopt;
}

View FakeUpstream::Server::view_for(const std::string& mount, const std::optional<Fault>& fault) {
    View view{world, present(), 0, 1.0, false, rpc_login};
    const auto offset = offsets_micro.find(mount);
    if (offset != offsets_micro.end()) view.offset_micro_usd = offset->second;
    if (!fault) return view;
    if (fault->kind == FaultKind::frozen) view.now = fault->since;
    if (fault->kind == FaultKind::spike) {
        view.price_factor = static_cast<double>(fault->amount) / 100.0;
    }
    view.wrong_chain = fault->kind == FaultKind::wrong_chain;
    return view;
}

namespace {

/// As Express does it for mempool.space.
Reply with_etag(Reply reply, const Request& request) {
    if (reply.status != 200) return reply;
    const std::string etag =
        fmt::format("W/\"{:x}-{:x}\"", reply.body.size(), std::hash<std::string>{}(reply.body));
    if (request.if_none_match == etag) reply = {304, "", "text/plain", {}};
    reply.headers.emplace_back("ETag", etag);
    return reply;
}

/// What a fault says in place of the answer; none: the answer is made, and spoiled.
std::optional<Reply> in_its_place(const Fault& fault, const std::string& path) {
    if (fault.kind == FaultKind::redirect) return Reply{302, "", "text/html", {{"Location", path}}};
    if (fault.kind == FaultKind::gzip_bomb) {
        static const std::string bomb = gzip_bomb();
        return Reply{200, bomb, "application/json", {{"Content-Encoding", "gzip"}}};
    }
    if (fault.kind != FaultKind::status) return std::nullopt;
    Reply reply{static_cast<int>(fault.amount), "<html>trouble</html>", "text/html", {}};
    if (reply.status == 304) reply.body.clear();
    if (!fault.retry_after.empty()) reply.headers.emplace_back("Retry-After", fault.retry_after);
    return reply;
}

}  // namespace

Reply FakeUpstream::Server::answer(const std::string& path, Request& request,
                                   std::optional<Fault>& fault) {
    if (path.starts_with("/_control/")) {
        request.path = path.substr(9);
        return control_reply(*owner, request);
    }
    const std::lock_guard lock(m);
    hits.push_back({path, present(), std::chrono::steady_clock::now()});
    fault = pick_fault(path);
    if (fault) {
        if (auto reply = in_its_place(*fault, path)) return std::move(*reply);
    }
    for (const Mount& mount : kMounts) {
        const std::string prefix(mount.prefix);
        if (!path.starts_with(prefix + "/")) continue;
        request.path = path.substr(prefix.size());
        Reply reply = mount.reply(view_for(prefix, fault), request);
        if (fault) reply.body = spoiled(fault->kind, reply.body, fault->amount);
        return prefix == "/mempool" ? with_etag(std::move(reply), request) : reply;
    }
    return not_found("nothing is mounted here");
}

UtcSeconds FakeUpstream::Server::present() const {
    if (!runs) return now;
    return now + std::chrono::floor<seconds>(std::chrono::steady_clock::now() - started_at);
}

FakeUpstream::Server::Server(std::uint16_t wanted) : world(HP_FAKE_DATA) {
    now = world.effective_time(world.first_height() + 1000);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(wanted);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    daemon = MHD_start_daemon(MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD, 0,
                              nullptr, nullptr, &on_request, this, MHD_OPTION_SOCK_ADDR, &address,
                              MHD_OPTION_NOTIFY_COMPLETED, &on_done, nullptr,
                              MHD_OPTION_CONNECTION_TIMEOUT, 30U, MHD_OPTION_END);
    if (daemon == nullptr) throw std::runtime_error("the fake upstream cannot listen");
    port = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

FakeUpstream::Server::~Server() {
    stopping = true;
    MHD_stop_daemon(daemon);
}

}  // namespace hashprice::fake
