#include "service/http/server.hpp"

#include "service/http/loop.hpp"

namespace hashprice::service::http {

Server::Server(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}
Server::~Server() = default;

domain::Result<std::unique_ptr<Server>> Server::start(Options options, RouteTable routes) {
    auto loop = std::make_unique<Loop>(std::move(options), std::move(routes));
    if (auto started = loop->start(); !started) return tl::unexpected(started.error());
    return std::unique_ptr<Server>(new Server(std::move(loop)));
}

std::uint16_t Server::port() const { return loop_->port(); }
std::string Server::url() const { return loop_->url(); }
Server::Load Server::load() const { return loop_->load(); }
void Server::stop() { loop_->stop(); }

}  // namespace hashprice::service::http
