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
    explicit TlsServer(const std::string& subject);
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
