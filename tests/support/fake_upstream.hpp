#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "domain/time.hpp"
#include "tests/support/faults.hpp"

namespace hashprice::fake {

/// One request that arrived, controls not counted.
struct Hit {
    std::string path;  ///< with the provider's mount, without the query
    domain::UtcSeconds fake_now;
    std::chrono::steady_clock::time_point arrived;
};

/// A real HTTP server on loopback that stands for all providers at once, each mounted under a
/// prefix: base_url of coinbase is url("/coinbase").
///
/// Mounts: /mempool, /esplora, /coinbase, /kraken, /bitstamp, /gemini, /blockchain_com,
/// /bitcoin_core, /braiins, /luxor. What is served are real figures of 2025 up to a present that
/// stands still until it is moved. The same controls as the methods below are reached over HTTP
/// under /_control (see fake_control.cpp).
///
///   owns     the server and its threads; stops them on destruction
///   threads  thread-safe
class FakeUpstream {
public:
    /// port 0: any free one. Throws std::runtime_error when it cannot listen.
    explicit FakeUpstream(std::uint16_t port = 0);
    ~FakeUpstream();
    FakeUpstream(const FakeUpstream&) = delete;
    FakeUpstream& operator=(const FakeUpstream&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] std::string url(const std::string& path = {}) const;

    void set_now(domain::UtcSeconds now);
    /// From now on the present moves on with real time.
    void run_from(domain::UtcSeconds now);
    [[nodiscard]] domain::UtcSeconds now() const;

    /// The last n blocks are replaced by another branch as soon as the next block is there.
    void reorg(int blocks);
    /// The missing blocks of August 2025 appear.
    void fill_hole();
    /// Shifts the prices of one mount, "/coinbase".
    void offset_price(const std::string& mount, std::int64_t cents);
    /// What /bitcoin_core demands: "__cookie__:..." or "user:password".
    void set_rpc_login(const std::string& login);

    void order(Fault fault);
    /// Ends all faults.
    void heal();
    /// What happens when a fault's probability is below 1 is repeatable.
    void seed(std::uint64_t seed);

    [[nodiscard]] std::vector<Hit> hits(const std::string& prefix = "/") const;
    [[nodiscard]] std::size_t requests(const std::string& prefix = "/") const;
    void forget_hits();

    struct Server;

private:
    std::unique_ptr<Server> server_;
};

}  // namespace hashprice::fake
