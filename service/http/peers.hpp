#pragma once
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>

#include "service/http/head.hpp"

namespace hashprice::service::http {

/// One open connection. Only `deadline` is touched by two threads.
struct Peer {
    using Time = std::chrono::steady_clock::time_point;
    static constexpr std::int64_t kNever = INT64_MAX;

    int socket = -1;
    std::list<Peer>::iterator self;
    std::atomic<std::int64_t> deadline{kNever};  ///< steady clock, ticks; cut off when it passes
    std::string target;                          ///< raw, of the present request
    Head head;                                   ///< of the present request
    Time began{};                                ///< of the present request
    bool seen = false;                           ///< its head has been read
    bool asked = false;                          ///< it reached the engine
    bool is_events = false;
    unsigned status = 0;
    std::size_t route = 0;
};

/// All open connections, and the clock that cuts off those who take for ever: microhttpd counts
/// only the silence between two bytes, so that a byte now and then would hold a connection.
///
///   threads  thread-safe; a Peer's fields belong to the event loop of its connection
class Peers {
public:
    Peer& add(int socket, Peer::Time deadline);
    /// Must be called before the socket is closed.
    void remove(Peer& peer);
    /// Shuts down the sockets whose deadline has passed; the event loop then ends the connection.
    std::size_t cut_late(Peer::Time now);
    [[nodiscard]] std::size_t count() const;
    /// The most there were at once since this was last asked.
    std::size_t take_peak();

    static void set_deadline(Peer& peer, Peer::Time when) {
        peer.deadline.store(when.time_since_epoch().count(), std::memory_order_relaxed);
    }
    static void clear_deadline(Peer& peer) {
        peer.deadline.store(Peer::kNever, std::memory_order_relaxed);
    }

private:
    mutable std::mutex m_;
    std::list<Peer> peers_;  // guarded by m_: the list, not what the peers hold
    std::size_t peak_ = 0;   // guarded by m_
};

}  // namespace hashprice::service::http
