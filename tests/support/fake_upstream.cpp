#include "tests/support/fake_upstream.hpp"

#include <algorithm>

#include "tests/support/fake_server.hpp"

namespace hashprice::fake {

FakeUpstream::FakeUpstream(std::uint16_t port) : server_(std::make_unique<Server>(port)) {
    server_->owner = this;
}

FakeUpstream::~FakeUpstream() = default;

std::uint16_t FakeUpstream::port() const { return server_->port; }

std::string FakeUpstream::url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(server_->port) + path;
}

void FakeUpstream::set_now(UtcSeconds now) {
    const std::lock_guard lock(server_->m);
    server_->now = now;
    server_->runs = false;
}

void FakeUpstream::run_from(UtcSeconds now) {
    const std::lock_guard lock(server_->m);
    server_->now = now;
    server_->runs = true;
    server_->started_at = std::chrono::steady_clock::now();
}

UtcSeconds FakeUpstream::now() const {
    const std::lock_guard lock(server_->m);
    return server_->present();
}

void FakeUpstream::reorg(int blocks) {
    const std::lock_guard lock(server_->m);
    server_->world.reorg(blocks, server_->present());
}

void FakeUpstream::fill_hole() {
    const std::lock_guard lock(server_->m);
    server_->world.fill_hole();
}

void FakeUpstream::offset_price(const std::string& mount, std::int64_t cents) {
    const std::lock_guard lock(server_->m);
    server_->offsets_micro[mount] = cents * 10'000;
}

void FakeUpstream::set_rpc_login(const std::string& login) {
    const std::lock_guard lock(server_->m);
    server_->rpc_login = login;
}

void FakeUpstream::order(Fault fault) {
    const std::lock_guard lock(server_->m);
    if (fault.since == UtcSeconds{}) fault.since = server_->present();
    server_->faults.push_back(std::move(fault));
}

void FakeUpstream::heal() {
    const std::lock_guard lock(server_->m);
    server_->faults.clear();
}

void FakeUpstream::seed(std::uint64_t seed) {
    const std::lock_guard lock(server_->m);
    server_->random.seed(seed);
}

std::vector<Hit> FakeUpstream::hits(const std::string& prefix) const {
    const std::lock_guard lock(server_->m);
    std::vector<Hit> found;
    std::ranges::copy_if(server_->hits, std::back_inserter(found),
                         [&](const Hit& hit) { return hit.path.starts_with(prefix); });
    return found;
}

std::size_t FakeUpstream::requests(const std::string& prefix) const { return hits(prefix).size(); }

void FakeUpstream::forget_hits() {
    const std::lock_guard lock(server_->m);
    server_->hits.clear();
}

}  // namespace hashprice::fake
