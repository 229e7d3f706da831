#include "tests/service/http/client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace hashprice::service::http::test {
namespace {

sockaddr_in loopback(const std::string& address, std::uint16_t port) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    inet_pton(AF_INET, address.c_str(), &to.sin_addr);
    return to;
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

void parse_head(std::string_view head, Answer& answer) {
    const std::size_t space = head.find(' ');
    std::from_chars(head.data() + space + 1, head.data() + head.size(), answer.status);
    std::size_t at = head.find("\r\n");
    while (at != std::string_view::npos && at + 2 < head.size()) {
        const std::size_t end = std::min(head.find("\r\n", at + 2), head.size());
        const std::string_view line = head.substr(at + 2, end - at - 2);
        const std::size_t colon = line.find(':');
        if (colon != std::string_view::npos) {
            answer.headers[lower(std::string(line.substr(0, colon)))] =
                std::string(line.substr(std::min(colon + 2, line.size())));
        }
        at = end == head.size() ? std::string_view::npos : end;
    }
}

}  // namespace

Connection::Connection(std::uint16_t port, const std::string& from,
                       std::chrono::milliseconds patience) {
    socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    set_patience(patience);
    bool bound = true;
    if (!from.empty()) {
        const sockaddr_in own = loopback(from, 0);
        bound = ::bind(socket_, reinterpret_cast<const sockaddr*>(&own), sizeof own) == 0;
    }
    const sockaddr_in to = loopback("127.0.0.1", port);
    if (!bound || connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
        ::close(std::exchange(socket_, -1));
    }
}

Connection::Connection(Connection&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), pending_(std::move(other.pending_)) {}

Connection::~Connection() {
    if (socket_ >= 0) ::close(socket_);
}

void Connection::set_patience(std::chrono::milliseconds patience) const {
    timeval limit{};
    limit.tv_sec = patience.count() / 1000;
    limit.tv_usec = patience.count() % 1000 * 1000;
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

void Connection::shrink_receive_buffer() const {
    const int size = 2'048;
    setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
}

bool Connection::send(std::string_view bytes) const {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool Connection::read_more() {
    std::array<char, 65'536> buffer{};
    const ssize_t got = recv(socket_, buffer.data(), buffer.size(), 0);
    if (got <= 0) return false;
    pending_.append(buffer.data(), static_cast<std::size_t>(got));
    return true;
}

bool Connection::read_chunks(std::string& body) {
    while (true) {
        std::size_t line = pending_.find("\r\n");
        while (line == std::string::npos) {
            if (!read_more()) return false;
            line = pending_.find("\r\n");
        }
        std::size_t size = 0;
        std::from_chars(pending_.data(), pending_.data() + line, size, 16);
        while (pending_.size() < line + 2 + size + 2) {
            if (!read_more()) return false;
        }
        body.append(pending_, line + 2, size);
        pending_.erase(0, line + 2 + size + 2);
        if (size == 0) return true;
    }
}

std::optional<Answer> Connection::receive(bool head_only) {
    std::size_t end = pending_.find("\r\n\r\n");
    while (end == std::string::npos) {
        if (!read_more()) return std::nullopt;
        end = pending_.find("\r\n\r\n");
    }
    Answer answer;
    parse_head(std::string_view(pending_).substr(0, end), answer);
    pending_.erase(0, end + 4);
    if (head_only || answer.status == 304 || answer.status == 204) {
        answer.complete = true;
        return answer;
    }
    if (answer.header("transfer-encoding") == "chunked") {
        answer.complete = read_chunks(answer.body);
        return answer;
    }
    std::size_t length = 0;
    const std::string text = answer.header("content-length");
    std::from_chars(text.data(), text.data() + text.size(), length);
    while (pending_.size() < length && read_more()) {
    }
    answer.complete = pending_.size() >= length;
    answer.body = pending_.substr(0, length);
    pending_.erase(0, length);
    return answer;
}

std::string Connection::receive_until(std::string_view end) {
    while (pending_.find(end) == std::string::npos && read_more()) {
    }
    const std::size_t at = pending_.find(end);
    if (at == std::string::npos) return std::exchange(pending_, {});
    std::string text = pending_.substr(0, at + end.size());
    pending_.erase(0, at + end.size());
    return text;
}

bool Connection::closed() {
    char byte = 0;
    return pending_.empty() && recv(socket_, &byte, 1, MSG_PEEK) == 0;
}

std::string gunzip(const std::string& packed) {
    z_stream stream{};
    if (inflateInit2(&stream, 15 + 16) != Z_OK) return "no memory";
    std::string plain(50'000'000, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(plain.data());
    stream.avail_out = static_cast<uInt>(plain.size());
    const int outcome = inflate(&stream, Z_FINISH);
    plain.resize(stream.total_out);
    inflateEnd(&stream);
    return outcome == Z_STREAM_END ? plain : "broken: " + plain.substr(0, 50);
}

Answer get(std::uint16_t port, const std::string& target, const std::string& headers,
           const std::string& method) {
    Connection connection(port);
    connection.send(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n");
    return connection.receive(method == "HEAD").value_or(Answer{});
}

}  // namespace hashprice::service::http::test
