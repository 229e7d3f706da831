#include "service/http/peers.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <utility>

namespace hashprice::service::http {

Peer& Peers::add(int socket, Peer::Time deadline) {
    const std::lock_guard lock(m_);
    Peer& peer = peers_.emplace_front();
    peer.socket = socket;
    peer.self = peers_.begin();
    set_deadline(peer, deadline);
    peak_ = std::max(peak_, peers_.size());
    return peer;
}

void Peers::remove(Peer& peer) {
    const std::lock_guard lock(m_);
    peers_.erase(peer.self);
}

std::size_t Peers::cut_late(Peer::Time now) {
    const std::int64_t limit = now.time_since_epoch().count();
    std::size_t cut = 0;
    const std::lock_guard lock(m_);
    for (Peer& peer : peers_) {
        if (peer.deadline.load(std::memory_order_relaxed) > limit) continue;
        shutdown(peer.socket, SHUT_RDWR);
        clear_deadline(peer);
        ++cut;
    }
    return cut;
}

std::size_t Peers::count() const {
    const std::lock_guard lock(m_);
    return peers_.size();
}

std::size_t Peers::take_peak() {
    const std::lock_guard lock(m_);
    return std::exchange(peak_, peers_.size());
}

}  // namespace hashprice::service::http
