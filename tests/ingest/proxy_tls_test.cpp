#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/ingest/transport_fixture.hpp"
#include "tests/support/raw_server.hpp"
#include "tests/support/tls_server.hpp"

namespace hashprice::ingest {
namespace {

using domain::Errc;
using fake::RawConnection;
using fake::RawServer;
using testing::HasSubstr;
using testing::Not;

TEST_F(Transport, TheProxyGetsWhatIsNotForThisMachine) {
    std::string seen;
    RawServer proxy([&seen](RawConnection& c) {
        seen = c.read_until("\r\n\r\n");
        c.send(reply("by proxy"));
    });
    const CurlOptions options{.proxy = "http://127.0.0.1:" + std::to_string(proxy.port())};

    const auto [far, far_took] = send({.url = "http://upstream.test/x"}, options);
    const auto [near, near_took] =
        send({.url = upstream().url("/mempool/api/v1/blocks/tip/height")}, options);

    ASSERT_TRUE(far) << far.error().what;
    EXPECT_EQ(far->body, "by proxy");
    EXPECT_THAT(seen, testing::StartsWith("GET http://upstream.test/x HTTP/1.1\r\n"));
    ASSERT_TRUE(near) << near.error().what;
    EXPECT_EQ(proxy.connections(), 1);
}

TEST_F(Transport, OverSocks5hTheProxyResolvesTheName) {
    std::string asked;
    RawServer proxy([&asked](RawConnection& c) {
        const std::string hello = c.read_bytes(2);  // version, number of methods
        c.read_bytes(static_cast<unsigned char>(hello.at(1)));
        c.send(std::string("\x05\x00", 2));  // RFC 1928: no authentication
        c.read_bytes(3);                     // version, CONNECT, reserved
        asked = c.read_bytes(1);             // 3: a domain name follows
        const auto length = static_cast<unsigned char>(c.read_bytes(1).at(0));
        asked += c.read_bytes(length);
        c.read_bytes(2);
        c.send(std::string("\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00", 10));
        c.read_until("\r\n\r\n");
        c.send(reply("by socks"));
    });

    const auto [answer, took] =
        send({.url = "http://hidden.test/"},
             {.proxy = "socks5h://127.0.0.1:" + std::to_string(proxy.port())});

    ASSERT_TRUE(answer) << answer.error().what;
    EXPECT_EQ(answer->body, "by socks");
    EXPECT_EQ(asked, "\x03hidden.test");
}

TEST_F(Transport, AProxysPasswordStaysOutOfErrors) {
    const auto [answer, took] =
        send({.url = "http://upstream.test/"},
             {.proxy = "http://me:hunter2@127.0.0.1:" + std::to_string(fake::closed_port())});

    ASSERT_FALSE(answer);
    EXPECT_THAT(answer.error().what, Not(HasSubstr("hunter2")));
}

class Tls : public Transport {
protected:
    /// The server's own certificate as the only one that is trusted.
    static CurlOptions trusting(const fake::TlsServer& server) {
        const std::string file = testing::TempDir() + "hashprice_tls_test.pem";
        std::ofstream(file) << server.certificate_pem();
        return {.ca_file = file};
    }
};

TEST_F(Tls, ACertificateNobodyVouchesForIsRefused) {
    const fake::TlsServer server("IP:127.0.0.1");

    const auto [answer, took] = send({.url = server.url()});

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Errc::network);
    EXPECT_THAT(answer.error().what, HasSubstr("certificate"));
}

TEST_F(Tls, ACertificateForAnotherNameIsRefused) {
    const fake::TlsServer server("DNS:other.example");

    const auto [answer, took] = send({.url = server.url()}, trusting(server));

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Errc::network);
}

TEST_F(Tls, ATrustedCertificateIsAccepted) {
    const fake::TlsServer server("IP:127.0.0.1");

    const auto [answer, took] = send({.url = server.url()}, trusting(server));

    ASSERT_TRUE(answer) << answer.error().what;
    EXPECT_EQ(answer->body, "{}");
}

}  // namespace
}  // namespace hashprice::ingest
