#include "service/http/events.hpp"

#include <fmt/format.h>
#include <microhttpd.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <random>
#include <vector>

namespace hashprice::service::http {
namespace {

constexpr std::string_view kHeartbeat = ":\n\n";
constexpr std::size_t kBlock = 4'096;

std::string one_line(std::string_view text) {
    std::string line(text);
    std::erase_if(line, [](char c) { return c == '\n' || c == '\r' || c == '\0'; });
    return line;
}

std::string event_text(std::string_view name, std::string_view id, std::string_view json) {
    std::string text = fmt::format("id: {}\nevent: {}\n", id, one_line(name));
    while (true) {
        const std::size_t end = json.find_first_of("\r\n");
        text.append("data: ").append(json.substr(0, end)).append("\n");
        if (end == std::string_view::npos) break;
        const bool pair = json.substr(end, 2) == "\r\n";
        json.remove_prefix(end + (pair ? 2 : 1));
    }
    return text + "\n";
}

}  // namespace

EventHub::EventHub(Limits limits)
    : limits_(limits), run_name_(fmt::format("{:x}", std::random_device{}())) {}

EventHub::~EventHub() = default;

void EventHub::publish(std::string_view name, std::string_view id, std::string_view json) {
    const std::lock_guard lock(m_);
    std::string own_id = one_line(id);
    if (own_id.empty()) own_id = fmt::format("{}-{}", run_name_, first_ + events_.size());
    std::string text = event_text(name, own_id, json);
    bytes_ += text.size();
    events_.push_back({std::move(own_id), std::move(text)});
    while (events_.size() > limits_.held_events || bytes_ > limits_.held_bytes) {
        bytes_ -= events_.front().text.size();
        events_.pop_front();
        ++first_;
    }
    for (const auto& client : clients_) wake(*client);
}

Route EventHub::route(std::string pattern) {
    Route route;
    route.pattern = std::move(pattern);
    route.operation_id = "events";
    route.summary = "Changes as they happen, as server-sent events";
    route.description =
        "Stays open. A client that comes back with the header Last-Event-ID gets what it missed, "
        "or "
        "one event `reset` when that is no longer held: then load the state anew.";
    route.tag = "live";
    route.caching = Caching::none;
    route.contents = {{"text/event-stream", {}, "id: 42\nevent: observation\ndata: {}\n\n"}};
    route.also = {{503, "too many streams are open", {}}};
    route.handler = [this](const Request&) -> domain::Result<Response> {
        if (full()) return unavailable("too many event streams are open", domain::seconds{30});
        Response response;
        response.events = this;
        return response;
    };
    return route;
}

std::size_t EventHub::clients() const {
    const std::lock_guard lock(m_);
    return clients_.size();
}

bool EventHub::full() const {
    const std::lock_guard lock(m_);
    return closed_ || clients_.size() >= limits_.clients;
}

MHD_Response* EventHub::attach(MHD_Connection* connection, std::string_view last_event_id) {
    const std::lock_guard lock(m_);
    if (closed_ || clients_.size() >= limits_.clients) return nullptr;
    clients_.push_back(std::make_unique<Client>());
    Client& client = *clients_.back();
    client.hub = this;
    client.connection = connection;
    client.self = std::prev(clients_.end());
    const MHD_ConnectionInfo* info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (info != nullptr) client.socket = info->connect_fd;
    place(client, last_event_id);
    MHD_Response* response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, kBlock, &read, &client, &detach);
    if (response == nullptr) clients_.pop_back();
    return response;
}

/// Where in the held events this client begins.
void EventHub::place(Client& client, std::string_view last_event_id) {
    client.prelude = "retry: 3000\n\n";
    client.next = first_ + events_.size();
    if (last_event_id.empty()) return;
    const auto known = std::find_if(events_.rbegin(), events_.rend(),
                                    [&](const Event& event) { return event.id == last_event_id; });
    if (known == events_.rend()) {
        client.prelude += "event: reset\ndata: {}\n\n";
    } else {
        client.next -= static_cast<std::uint64_t>(known - events_.rbegin());
    }
}

long EventHub::read(void* client, std::uint64_t /*position*/, char* out, std::size_t max) {
    auto& own = *static_cast<Client*>(client);
    return own.hub->fill(own, out, max);
}

void EventHub::detach(void* client) {
    auto& own = *static_cast<Client*>(client);
    const std::lock_guard lock(own.hub->m_);
    own.hub->clients_.erase(own.self);
}

long EventHub::fill(Client& client, char* out, std::size_t max) {
    const std::lock_guard lock(m_);
    if (closed_) return MHD_CONTENT_READER_END_OF_STREAM;
    if (client.gone || client.next < first_) return MHD_CONTENT_READER_END_WITH_ERROR;
    if (!client.prelude.empty()) {
        const std::size_t count = client.prelude.copy(out, max, client.offset);
        client.offset += count;
        if (client.offset == client.prelude.size()) {
            client.prelude.clear();
            client.offset = 0;
        }
        return static_cast<long>(count);
    }
    std::size_t count = copy_events(client, out, max);
    if (count == 0 && client.heartbeat) count = kHeartbeat.copy(out, max);
    client.heartbeat = false;
    if (count > 0) return static_cast<long>(count);
    client.suspended = true;
    MHD_suspend_connection(client.connection);
    return 0;
}

std::size_t EventHub::copy_events(Client& client, char* out, std::size_t max) {
    std::size_t count = 0;
    while (count < max && client.next < first_ + events_.size()) {
        const std::string& text = events_[client.next - first_].text;
        const std::size_t copied = text.copy(out + count, max - count, client.offset);
        count += copied;
        client.offset += copied;
        if (client.offset < text.size()) break;
        client.offset = 0;
        ++client.next;
    }
    return count;
}

void EventHub::wake(Client& client) {
    if (!client.suspended) return;
    client.suspended = false;
    MHD_resume_connection(client.connection);
}

void EventHub::tick(std::chrono::steady_clock::time_point now) {
    const std::lock_guard lock(m_);
    drop_the_gone();
    if (now - last_beat_ < limits_.heartbeat) return;
    last_beat_ = now;
    for (const auto& client : clients_) {
        client->heartbeat = client->suspended;
        wake(*client);
    }
}

/// Nobody else sees them: the event loop watches a suspended connection no more than one whose
/// client has stopped reading. A socket stays open as long as its client is listed here.
void EventHub::drop_the_gone() {
    std::vector<pollfd> sockets;
    std::vector<Client*> waiting;
    for (const auto& client : clients_) {
        if (client->suspended) {
            sockets.push_back({client->socket, POLLRDHUP, 0});
            waiting.push_back(client.get());
        } else if (client->next < first_) {
            shutdown(client->socket, SHUT_RDWR);
        }
    }
    if (sockets.empty() || poll(sockets.data(), sockets.size(), 0) <= 0) return;
    for (std::size_t i = 0; i < sockets.size(); ++i) {
        if (sockets[i].revents == 0) continue;
        waiting[i]->gone = true;
        wake(*waiting[i]);
    }
}

void EventHub::open() {
    const std::lock_guard lock(m_);
    closed_ = false;
}

void EventHub::close() {
    const std::lock_guard lock(m_);
    closed_ = true;
    for (const auto& client : clients_) wake(*client);
}

}  // namespace hashprice::service::http
