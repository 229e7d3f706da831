#pragma once
#include <cstdint>
#include <memory>
#include <string>

namespace hashprice::fake {

/// An HTTPS server on loopback that answers "{}" to everything, with a certificate that it signed
/// itself for one IP address or host.
class TlsServer {
public:
    /// `subject` as in a subjectAltName: "IP:127.0.0.1", "DNS:other.example".
    /// Its certificate is good between these two, in seconds from now.
    struct Validity {
        long from_s = -3600;
        long to_s = 3600;
    };
    explicit TlsServer(const std::string& subject, Validity validity);
    explicit TlsServer(const std::string& subject) : TlsServer(subject, Validity{}) {}
    ~TlsServer();
    TlsServer(const TlsServer&) = delete;
    TlsServer& operator=(const TlsServer&) = delete;
    [[nodiscard]] std::string url() const;
    [[nodiscard]] const std::string& certificate_pem() const;

private:
    struct Server;
    std::unique_ptr<Server> server_;
};

}  // namespace hashprice::fake
