#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace hashprice::service::http::test {

/// An answer as it came over the wire; header names in lower case.
struct Answer {
    int status = 0;
    std::map<std::string, std::string> headers;
    std::string body;
    bool complete = false;  ///< the framing (length or last chunk) was there to the end
    [[nodiscard]] std::string header(const std::string& name) const {
        const auto found = headers.find(name);
        return found == headers.end() ? std::string{} : found->second;
    }
};

/// A plain TCP connection to the server under test: says exactly the bytes it is told to, which
/// no HTTP library would for the hostile ones.
///
///   bounds  every wait ends after `patience`
class Connection {
public:
    explicit Connection(std::uint16_t port, const std::string& from = {},
                        std::chrono::milliseconds patience = std::chrono::seconds{10});
    Connection(Connection&& other) noexcept;
    Connection& operator=(Connection&&) = delete;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection();

    [[nodiscard]] bool open() const { return socket_ >= 0; }
    bool send(std::string_view bytes) const;  ///< false: the other side has closed
    /// The next answer; none: closed or out of patience before its head was there.
    std::optional<Answer> receive(bool head_only = false);
    /// Whatever comes until `end` stands in it, or the connection ends, or patience does.
    std::string receive_until(std::string_view end);
    /// Did the other side close (nothing more to read)?
    bool closed();
    void shrink_receive_buffer() const;
    void set_patience(std::chrono::milliseconds patience) const;

private:
    bool read_more();
    bool read_chunks(std::string& body);
    int socket_ = -1;
    std::string pending_;
};

/// By zlib's own inflate; the 16 asks for the gzip wrapper (zlib.h).
std::string gunzip(const std::string& packed);

/// One question on a connection of its own.
Answer get(std::uint16_t port, const std::string& target, const std::string& headers = {},
           const std::string& method = "GET");

}  // namespace hashprice::service::http::test
