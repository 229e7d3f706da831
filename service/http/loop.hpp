#pragma once
#include <microhttpd.h>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

#include "service/http/engine.hpp"
#include "service/http/listener.hpp"
#include "service/http/meter.hpp"
#include "service/http/peers.hpp"
#include "service/http/server.hpp"

namespace hashprice::service::http {

/// microhttpd's daemon and its callbacks: takes a question apart, hands it to the Engine, queues
/// the answer.
class Server::Loop {
public:
    Loop(Options options, RouteTable routes);
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;
    ~Loop();

    domain::Status start();
    void stop();
    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::string url() const;
    [[nodiscard]] Load load() const;

private:
    static void on_connection(void* self, MHD_Connection* connection, void** context,
                              MHD_ConnectionNotificationCode what);
    static void* on_target(void* self, const char* target, MHD_Connection* connection);
    // The signature is microhttpd's. NOLINTNEXTLINE(readability-function-size)
    static MHD_Result on_request(void* self, MHD_Connection* connection, const char* url,
                                 const char* method, const char* version, const char* upload,
                                 std::size_t* upload_size, void** context);
    static void on_completed(void* self, MHD_Connection* connection, void** context,
                             MHD_RequestTerminationCode how);
    static void on_log(void* self, const char* format, va_list arguments);

    domain::Status start_daemon(int socket);
    MHD_Result answer(MHD_Connection* connection, Peer& peer);
    MHD_Result queue_events(MHD_Connection* connection, const Head& head, const Reply& reply);
    void keep_house(const std::stop_token& stop);
    void drain();

    Options options_;
    const RouteTable routes_;
    std::unique_ptr<Engine> engine_;
    Meter meter_;
    Peers peers_;
    ListenAddress address_;
    std::uint16_t port_ = 0;
    MHD_Daemon* daemon_ = nullptr;  // guarded by stop_m_ once started
    std::atomic<std::size_t> answering_{0};
    std::mutex stop_m_;
    std::jthread housekeeper_;
};

}  // namespace hashprice::service::http
