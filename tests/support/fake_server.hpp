#pragma once
#include <microhttpd.h>

#include <atomic>
#include <map>
#include <mutex>
#include <random>

#include "tests/support/fake_replies.hpp"
#include "tests/support/fake_upstream.hpp"

/// The inside of FakeUpstream: what its two sources share.
namespace hashprice::fake {

struct FakeUpstream::Server {
    explicit Server(std::uint16_t port);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// What a request gets, fault included. `fault` tells how to send it.
    Reply answer(const std::string& path, Request& request, std::optional<Fault>& fault);
    MHD_Result deliver(MHD_Connection* connection, Reply reply, const std::optional<Fault>& fault);

    [[nodiscard]] UtcSeconds present() const;                                    // m is held
    std::optional<Fault> pick_fault(const std::string& path);                    // m is held
    View view_for(const std::string& mount, const std::optional<Fault>& fault);  // m is held

    mutable std::mutex m;
    World world;                                            // guarded by m
    UtcSeconds now;                                         // guarded by m
    bool runs = false;                                      // guarded by m
    std::chrono::steady_clock::time_point started_at;       // guarded by m
    std::map<std::string, std::int64_t> offsets_micro;      // guarded by m
    std::string rpc_login = "__cookie__:0123456789abcdef";  // guarded by m
    std::vector<Fault> faults;                              // guarded by m
    std::mt19937_64 random{1};                              // guarded by m
    std::vector<Hit> hits;                                  // guarded by m

    FakeUpstream* owner = nullptr;
    std::atomic<bool> stopping = false;
    std::uint16_t port = 0;
    MHD_Daemon* daemon = nullptr;
};

/// Answers a request under /_control.
Reply control_reply(FakeUpstream& upstream, const Request& request);

}  // namespace hashprice::fake
