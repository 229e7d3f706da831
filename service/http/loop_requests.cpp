// The Loop's callbacks: what microhttpd calls while connections come, ask and go.
#include <fmt/format.h>
#include <malloc.h>

#include <array>
#include <cstdio>
#include <cstring>

#include "service/http/events.hpp"
#include "service/http/loop.hpp"

namespace hashprice::service::http {
namespace {

using Steady = std::chrono::steady_clock;

struct HeaderWalk {
    Head* head = nullptr;
    unsigned lengths = 0;
};

void take_length(HeaderWalk& walk, std::string_view value) {
    const bool digits =
        !value.empty() && value.find_first_not_of("0123456789") == std::string_view::npos;
    if (++walk.lengths > 1 || !digits) walk.head->bad_framing = true;
    if (value.find_first_not_of('0') != std::string_view::npos) walk.head->has_body = true;
}

void take_first(std::string_view& field, std::string_view value) {
    if (field.data() == nullptr) field = value;
}

/// What may stand in a header's name.   source  RFC 9110, 5.6.2
constexpr std::array<bool, 256> kTokenBytes = [] {
    std::array<bool, 256> bytes{};
    for (const char c : std::string_view("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
                                         "ABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
        bytes[static_cast<unsigned char>(c)] = true;
    }
    return bytes;
}();

/// "Transfer-Encoding : chunked" is that header for some servers and another one for others, and so
/// is a line's end within a value: no request may hide there.   source  RFC 9112, 5.1 and 11.2
bool doubtful(std::string_view name, std::string_view value) {
    for (const char c : name) {
        if (!kTokenBytes[static_cast<unsigned char>(c)]) return true;
    }
    return name.empty() || value.find_first_of("\r\n") != std::string_view::npos;
}

/// One header; the length of a name tells most of them apart without a comparison.
void take_header(HeaderWalk& walk, std::string_view name, std::string_view value) {
    Head& head = *walk.head;
    head.bad_framing |= doubtful(name, value);
    const auto is = [name](std::string_view wanted) { return equal_ignoring_case(name, wanted); };
    switch (name.size()) {
        case 6:
            if (is("origin")) take_first(head.origin, value);
            break;
        case 13:
            if (is("if-none-match"))
                take_first(head.if_none_match, value);
            else if (is("authorization"))
                take_first(head.authorization, value);
            else if (is("last-event-id"))
                take_first(head.last_event_id, value);
            break;
        case 14:
            if (is("content-length")) take_length(walk, value);
            break;
        case 15:
            if (is("accept-encoding")) take_first(head.accept_encoding, value);
            break;
        case 17:
            head.bad_framing |= is("transfer-encoding");
            break;
        case 29:
            if (is("access-control-request-method")) head.preflight = true;
            break;
        default:
            break;
    }
}

// The signature is microhttpd's. NOLINTNEXTLINE(readability-function-size)
MHD_Result each_header(void* walk, MHD_ValueKind /*kind*/, const char* name, std::size_t name_size,
                       const char* value, std::size_t value_size) {
    take_header(*static_cast<HeaderWalk*>(walk), {name, name_size},
                value == nullptr ? std::string_view{} : std::string_view{value, value_size});
    return MHD_YES;
}

void read_head(MHD_Connection* connection, const char* method, Peer& peer) {
    peer.head = {};
    peer.head.method = method;
    peer.head.target = peer.target;
    HeaderWalk walk{&peer.head};
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, &each_header, &walk);
    const MHD_ConnectionInfo* info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    if (info != nullptr) peer.head.bytes = info->header_size;
}

}  // namespace

void Server::Loop::on_connection(void* self, MHD_Connection* connection, void** context,
                                 MHD_ConnectionNotificationCode what) {
    auto& loop = *static_cast<Loop*>(self);
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        if (*context != nullptr) loop.peers_.remove(*static_cast<Peer*>(*context));
        *context = nullptr;
        return;
    }
    const MHD_ConnectionInfo* info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (info == nullptr) return;
    *context = &loop.peers_.add(info->connect_fd, Steady::now() + loop.options_.idle_timeout);
}

void* Server::Loop::on_target(void* self, const char* target, MHD_Connection* connection) {
    const MHD_ConnectionInfo* info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    if (info == nullptr || info->socket_context == nullptr) return nullptr;
    auto* peer = static_cast<Peer*>(info->socket_context);
    peer->target = target;
    Peers::set_deadline(*peer, Steady::now() + static_cast<Loop*>(self)->options_.head_timeout);
    // We take the query apart ourselves. microhttpd would too, with a record for each of a thousand
    // arguments, and hang when its memory is used up: so it is shown an empty query. The text is
    // its own buffer, which it cuts into pieces in place after this call.
    if (const char* mark = std::strchr(target, '?')) *(const_cast<char*>(mark) + 1) = '\0';
    return peer;
}

// NOLINTNEXTLINE(readability-function-size): the parameters are microhttpd's
MHD_Result Server::Loop::on_request(void* self, MHD_Connection* connection, const char* /*url*/,
                                    const char* method, const char* /*version*/,
                                    const char* /*upload*/, std::size_t* upload_size,
                                    void** context) {
    if (*context == nullptr) return MHD_NO;
    auto& peer = *static_cast<Peer*>(*context);
    auto& loop = *static_cast<Loop*>(self);
    if (peer.asked) {  // a refused body that still comes in: thrown away
        *upload_size = 0;
        return MHD_YES;
    }
    if (peer.seen) return loop.answer(connection, peer);
    peer.seen = true;
    read_head(connection, method, peer);
    // Answering before the end of a question closes the connection: right for a body that is not
    // wanted, wrong for a client that has sent its next question already.
    const bool refused = peer.head.has_body || peer.head.bad_framing;
    return refused ? loop.answer(connection, peer) : MHD_YES;
}

MHD_Result Server::Loop::answer(MHD_Connection* connection, Peer& peer) {
    peer.asked = true;
    peer.began = Steady::now();
    answering_.fetch_add(1, std::memory_order_relaxed);

    const Head& head = peer.head;
    const Reply reply = engine_->answer(head);
    peer.route = reply.route;
    peer.is_events = reply.events != nullptr;
    if (peer.is_events) {
        Peers::clear_deadline(peer);
        peer.status = MHD_HTTP_OK;
        return queue_events(connection, head, reply);
    }
    Peers::set_deadline(peer, peer.began + options_.answer_timeout);
    if (!reply.variant) return MHD_NO;
    peer.status = reply.not_modified ? MHD_HTTP_NOT_MODIFIED : reply.variant->status;
    return MHD_queue_response(
        connection, peer.status,
        reply.not_modified ? reply.variant->not_modified : reply.variant->whole);
}

MHD_Result Server::Loop::queue_events(MHD_Connection* connection, const Head& head,
                                      const Reply& reply) {
    MHD_Response* response = reply.events->attach(connection, head.last_event_id);
    if (response == nullptr) return MHD_NO;
    engine_->preparer().dress_events(response, reply.selection);
    const MHD_Result queued = MHD_queue_response(connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return queued;
}

void Server::Loop::on_completed(void* self, MHD_Connection* /*connection*/, void** context,
                                MHD_RequestTerminationCode /*how*/) {
    if (*context == nullptr) return;
    auto& loop = *static_cast<Loop*>(self);
    auto& peer = *static_cast<Peer*>(*context);
    *context = nullptr;
    peer.seen = false;
    if (!peer.asked) return;
    peer.asked = false;
    loop.answering_.fetch_sub(1, std::memory_order_relaxed);
    const auto now = Steady::now();
    loop.meter_.count(peer.route, peer.status, now - peer.began, peer.is_events);
    Peers::set_deadline(peer, now + loop.options_.idle_timeout);
}

void Server::Loop::on_log(void* self, const char* format, va_list arguments) {
    const auto& log = static_cast<Loop*>(self)->options_.log;
    if (!log) return;
    std::array<char, 400> line{};
    const int length = std::vsnprintf(line.data(), line.size(), format, arguments);
    if (length <= 0) return;
    std::string_view text(line.data());
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
    log(fmt::format("http: {}", text));
}

namespace {

/// Gives back what a crowd of connections used, once it has gone: glibc would keep it until the
/// next one comes.
class MemoryReturn {
public:
    void tick(std::size_t connections, std::size_t peak) {
        if (due_) malloc_trim(0);  // a tick late: microhttpd frees a connection after it told us
        most_ = due_ ? peak : std::max(most_, peak);
        due_ = most_ >= kCrowd && connections < most_ / 4;
    }

private:
    static constexpr std::size_t kCrowd = 512;
    std::size_t most_ = 0;
    bool due_ = false;
};

}  // namespace

void Server::Loop::keep_house(const std::stop_token& stop) {
    std::mutex m;
    std::condition_variable_any bell;
    std::unique_lock lock(m);
    MemoryReturn memory;
    while (!bell.wait_for(lock, stop, options_.housekeeping, [] { return false; }) &&
           !stop.stop_requested()) {
        const auto now = Steady::now();
        peers_.cut_late(now);
        if (options_.events != nullptr) options_.events->tick(now);
        memory.tick(peers_.count(), peers_.take_peak());
    }
}

void Server::Loop::stop() {
    const std::lock_guard lock(stop_m_);
    if (daemon_ == nullptr) return;
    housekeeper_.request_stop();
    housekeeper_.join();
    const int socket = MHD_quiesce_daemon(daemon_);
    if (options_.events != nullptr) options_.events->close();
    drain();
    MHD_stop_daemon(daemon_);
    daemon_ = nullptr;
    const Listener closed = Listener::adopt(socket);
}

/// Lets answers that are on their way arrive.
void Server::Loop::drain() {
    constexpr std::chrono::milliseconds kLook{2};
    const auto end = Steady::now() + options_.drain_timeout;
    while (answering_.load(std::memory_order_relaxed) > 0 && Steady::now() < end) {
        std::this_thread::sleep_for(kLook);
    }
}

}  // namespace hashprice::service::http
