#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "service/http/route.hpp"

struct MHD_Connection;
struct MHD_Response;

namespace hashprice::service::http {

/// Server-sent events to many clients; an idle client costs a suspended connection, no thread.
///
///   owns      the last events, for clients that come back with Last-Event-ID
///   threads   thread-safe; `publish` never waits for a client
///   outlives  the Server it is given to (Options::events) must be stopped before it dies
///   source    html.spec.whatwg.org, "Server-sent events"
///
/// A client that comes back with an id still held gets what it missed; with an id that is not (any
/// more), it gets one event `reset` and should load its state anew. A client that falls further
/// behind than what is held is dropped, and comes back that way.
class EventHub {
public:
    struct Limits {
        std::size_t held_events = 1'024;
        std::size_t held_bytes = 1U << 20U;
        std::size_t clients = 4'096;
        std::chrono::seconds heartbeat{15};
    };
    EventHub() : EventHub(Limits{}) {}
    explicit EventHub(Limits limits);
    EventHub(const EventHub&) = delete;
    EventHub& operator=(const EventHub&) = delete;
    ~EventHub();

    /// To every client. `id` names the event for a later resume and is unique among all events;
    /// empty: the hub numbers it. Line breaks in `id` and `name` are taken out.
    void publish(std::string_view name, std::string_view id, std::string_view json);

    /// The route that a client opens the stream by.
    [[nodiscard]] Route route(std::string pattern);

    [[nodiscard]] std::size_t clients() const;

    // The rest is called by the Server alone.

    /// A response for this connection; none: too many clients, or closed.
    [[nodiscard]] MHD_Response* attach(MHD_Connection* connection, std::string_view last_event_id);
    [[nodiscard]] bool full() const;
    /// Drops clients that have gone; when the heartbeat is due, says a word to the silent ones.
    void tick(std::chrono::steady_clock::time_point now);
    void open();
    /// Ends every stream; none can be opened afterwards.
    void close();

private:
    struct Event {
        std::string id;
        std::string text;
    };
    struct Client {
        EventHub* hub = nullptr;
        MHD_Connection* connection = nullptr;
        int socket = -1;
        std::list<std::unique_ptr<Client>>::iterator self;
        std::string prelude;     // sent before any event
        std::size_t offset = 0;  // sent of the prelude, or of the event `next`
        std::uint64_t next = 0;  // number of the event to be sent next
        bool suspended = false;
        bool heartbeat = false;
        bool gone = false;
    };
    static long read(void* client, std::uint64_t position, char* out, std::size_t max);
    static void detach(void* client);
    long fill(Client& client, char* out, std::size_t max);
    std::size_t copy_events(Client& client, char* out, std::size_t max);
    void place(Client& client, std::string_view last_event_id);
    void wake(Client& client);
    void drop_the_gone();

    const Limits limits_;
    const std::string run_name_;
    mutable std::mutex m_;
    std::deque<Event> events_;                           // guarded by m_
    std::uint64_t first_ = 0;                            // guarded by m_; number of events_.front()
    std::size_t bytes_ = 0;                              // guarded by m_; of the texts in events_
    std::list<std::unique_ptr<Client>> clients_;         // guarded by m_
    std::chrono::steady_clock::time_point last_beat_{};  // guarded by m_
    bool closed_ = false;                                // guarded by m_
};

}  // namespace hashprice::service::http
