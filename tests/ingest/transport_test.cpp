#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "tests/ingest/transport_fixture.hpp"
#include "tests/support/raw_server.hpp"

namespace hashprice::ingest {
namespace {

using domain::Errc;
using fake::Fault;
using fake::FaultKind;
using fake::RawConnection;
using fake::RawServer;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

TEST_F(Transport, AnAnswerIsStatusBodyAndHeadersInLowerCase) {
    RawServer server([](RawConnection& c) {
        c.read_until("\r\n\r\n");
        c.send(reply("hello"));
    });

    const auto [answer, took] = get("http://127.0.0.1:" + std::to_string(server.port()) + "/x");

    ASSERT_TRUE(answer) << answer.error().what;
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, "hello");
    EXPECT_EQ(answer->headers.at("x-mixed-case"), "some value");
}

TEST_F(Transport, APostCarriesItsBodyHeadersAndUserAgent) {
    std::string seen;
    RawServer server([&seen](RawConnection& c) {
        seen = c.read_until("\r\n\r\n");
        seen += c.read_bytes(4);
        c.send(reply(""));
    });
    HttpRequest request;
    request.method = HttpMethod::post;
    request.url = "http://127.0.0.1:" + std::to_string(server.port()) + "/write";
    request.headers = {{"X-Key", "k"}};
    request.body = "1234";

    const auto [answer, took] = send(request, {.user_agent = "hashprice/1 (+https://example.org)"});

    ASSERT_TRUE(answer) << answer.error().what;
    EXPECT_THAT(seen, testing::StartsWith("POST /write HTTP/1.1\r\n"));
    EXPECT_THAT(seen, HasSubstr("User-Agent: hashprice/1 (+https://example.org)\r\n"));
    EXPECT_THAT(seen, HasSubstr("X-Key: k\r\n"));
    EXPECT_THAT(seen, testing::EndsWith("\r\n\r\n1234"));
}

TEST_F(Transport, TheConnectionIsKeptBetweenRequests) {
    RawServer server([](RawConnection& c) {
        while (!c.read_until("\r\n\r\n").empty()) c.send(reply("again"));
    });
    CurlTransport http({});
    HttpRequest request;
    request.url = "http://127.0.0.1:" + std::to_string(server.port()) + "/";

    for (int i = 0; i < 3; ++i) ASSERT_TRUE(http.send(request, {}));

    EXPECT_EQ(server.connections(), 1);
}

TEST_F(Transport, ARefusedConnectionNamesTheHostAndNoSecret) {
    const std::string port = std::to_string(fake::closed_port());

    const auto [answer, took] =
        get("http://user:hunter2@127.0.0.1:" + port + "/path?api_key=hunter2");

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Errc::network);
    EXPECT_THAT(answer.error().what, HasSubstr("127.0.0.1:" + port));
    EXPECT_THAT(answer.error().what, Not(HasSubstr("hunter2")));
    EXPECT_THAT(answer.error().what, Not(HasSubstr("\n")));
}

TEST_F(Transport, AnUnknownHostIsANetworkError) {
    const auto [answer, took] = get("http://no-such-host.invalid/");  // RFC 2606

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Errc::network);
    EXPECT_THAT(answer.error().what, HasSubstr("no-such-host.invalid"));
}

TEST_F(Transport, OnlyHttpIsSpoken) {
    for (const char* url : {"file:///etc/hostname", "ftp://127.0.0.1/", "127.0.0.1", ""}) {
        SCOPED_TRACE(url);
        const auto [answer, took] = get(url);
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().code, Errc::config);
    }
}

TEST_F(Transport, TheDeadlineHoldsBeforeTheHeadersAndInsideTheBody) {
    for (const Fault& fault : {Fault{.kind = FaultKind::slow_headers, .amount = 5000},
                               Fault{.kind = FaultKind::slow_body, .amount = 50}}) {
        SCOPED_TRACE(fault_name(fault.kind));
        upstream().heal();

        const auto [answer, took] = get_with(fault, 300ms);

        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().code, Errc::timeout);
        EXPECT_LT(took, 2s);
    }
}

TEST_F(Transport, ALongBodyIsCutAtTheLimit) {
    for (const FaultKind kind : {FaultKind::endless, FaultKind::gzip_bomb}) {
        SCOPED_TRACE(fault_name(kind));
        upstream().heal();

        const auto [answer, took] = get_with({.kind = kind});

        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().code, Errc::bad_payload);
        EXPECT_THAT(answer.error().what, HasSubstr("longer than 1048576 bytes"));
    }
}

TEST_F(Transport, ABodyThatStopsShortIsNoAnswer) {
    const auto [answer, took] = get_with({.kind = FaultKind::truncated, .amount = 100});

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Errc::network);
}

TEST_F(Transport, AConnectionClosedWithoutAnswerIsANetworkError) {
    const auto [answer, took] = get_with({.kind = FaultKind::close});

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Errc::network);
}

TEST_F(Transport, ABrokenGzipBodyIsABadPayload) {
    RawServer server([](RawConnection& c) {
        c.read_until("\r\n\r\n");
        c.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 8\r\n\r\nnot gzip");
    });

    const auto [answer, took] = get("http://127.0.0.1:" + std::to_string(server.port()) + "/");

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Errc::bad_payload);
}

TEST_F(Transport, ARedirectIsAnAnswerAndNotFollowed) {
    const auto [answer, took] = get_with({.kind = FaultKind::redirect});

    ASSERT_TRUE(answer) << answer.error().what;
    EXPECT_EQ(answer->status, 302);
    EXPECT_EQ(upstream().requests("/mempool"), 1U);
}

TEST_F(Transport, AStopCutsARunningRequestShort) {
    upstream();
    std::jthread stopper([this] {
        std::this_thread::sleep_for(100ms);
        stop_.request_stop();
    });

    const auto [answer, took] = get_with({.kind = FaultKind::slow_headers, .amount = 20'000}, 20s);

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Errc::stopped);
    EXPECT_LT(took, 1800ms);
}

TEST_F(Transport, AfterAStopNothingIsSent) {
    stop_.request_stop();

    const auto [answer, took] = get(upstream().url("/mempool/api/v1/blocks"));

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Errc::stopped);
    EXPECT_EQ(upstream().requests(), 0U);
}

}  // namespace
}  // namespace hashprice::ingest
