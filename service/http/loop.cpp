#include "service/http/loop.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "service/http/events.hpp"

namespace hashprice::service::http {
namespace {

using domain::Errc;
using domain::fail;
using Steady = std::chrono::steady_clock;

constexpr std::size_t kFilesForTheRest = 256;  // database, sources, logs

unsigned connection_limit(unsigned wanted) {
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return wanted;
    const std::size_t spare = files.rlim_cur > 2 * kFilesForTheRest
                                  ? files.rlim_cur - kFilesForTheRest
                                  : kFilesForTheRest;
    return static_cast<unsigned>(std::min<std::size_t>(wanted, spare));
}

std::size_t keep_escapes(void* /*unused*/, MHD_Connection* /*connection*/, char* text) {
    return std::char_traits<char>::length(text);
}

}  // namespace

Server::Loop::Loop(Options options, RouteTable routes)
    : options_(std::move(options)),
      routes_(std::move(routes)),
      meter_(options_.metrics, routes_.routes()) {}

Server::Loop::~Loop() { stop(); }

domain::Status Server::Loop::start() {
    if (options_.clock == nullptr) return fail(Errc::config, "the HTTP server needs a clock");
    if (auto base = normal_base_path(options_.base_path); !base) {
        return tl::unexpected(base.error());
    }
    auto address = parse_listen_address(options_.listen);
    if (!address) return tl::unexpected(address.error());
    address_ = std::move(*address);
    engine_ = std::make_unique<Engine>(options_, routes_);
    OPENSSL_cleanse(options_.token.data(), options_.token.size());
    options_.token.clear();

    auto listener = Listener::open(address_);
    if (!listener) return tl::unexpected(listener.error());
    port_ = listener->port();
    if (options_.events != nullptr) options_.events->open();
    if (auto started = start_daemon(listener->socket()); !started) return started;
    listener->release();  // microhttpd closes it from now on
    housekeeper_ = std::jthread([this](const std::stop_token& stop) { keep_house(stop); });
    return {};
}

domain::Status Server::Loop::start_daemon(int socket) {
    const auto seconds = static_cast<unsigned>(options_.idle_timeout.count());
    std::array<MHD_OptionItem, 3> more{};
    std::size_t count = 0;
    if (options_.threads > 1) {
        more[count++] = {MHD_OPTION_THREAD_POOL_SIZE, static_cast<intptr_t>(options_.threads),
                         nullptr};
    }
    more[count] = {MHD_OPTION_END, 0, nullptr};
    daemon_ = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, nullptr,
        nullptr, &on_request, this, MHD_OPTION_EXTERNAL_LOGGER, &on_log, this,
        MHD_OPTION_LISTEN_SOCKET, socket, MHD_OPTION_CONNECTION_LIMIT,
        connection_limit(options_.max_connections), MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        options_.max_connections_per_ip, MHD_OPTION_CONNECTION_TIMEOUT, seconds,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, options_.connection_bytes, MHD_OPTION_STRICT_FOR_CLIENT,
        1, MHD_OPTION_UNESCAPE_CALLBACK, &keep_escapes, nullptr, MHD_OPTION_URI_LOG_CALLBACK,
        &on_target, this, MHD_OPTION_NOTIFY_CONNECTION, &on_connection, this,
        MHD_OPTION_NOTIFY_COMPLETED, &on_completed, this, MHD_OPTION_ARRAY, more.data(),
        MHD_OPTION_END);
    if (daemon_ == nullptr) return fail(Errc::network, "microhttpd could not start its event loop");
    return {};
}

std::string Server::Loop::url() const {
    const bool any = address_.host == "*" || address_.host == "0.0.0.0" || address_.host == "::";
    const std::string host = any ? "127.0.0.1" : address_.host;
    const bool v6 = host.find(':') != std::string::npos;
    return fmt::format("http://{}{}{}:{}{}/", v6 ? "[" : "", host, v6 ? "]" : "", port_,
                       normal_base_path(options_.base_path).value_or(""));
}

Server::Load Server::Loop::load() const {
    if (!engine_) return {};
    return {peers_.count(), engine_->cache().size(), engine_->cache().bytes()};
}

}  // namespace hashprice::service::http
