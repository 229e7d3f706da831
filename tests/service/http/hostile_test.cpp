// What no honest client sends, and what honest ones must not notice of it.
#include <gmock/gmock.h>

#include <random>

#include "service/http/options.hpp"
#include "tests/service/http/fixture.hpp"

namespace hashprice::service::http::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using namespace std::string_literals;

class HttpHostile : public HttpTest {
protected:
    void serve() {
        options.housekeeping = std::chrono::milliseconds{20};
        add_text("/x", R"({"answer":"x"})");
        add_text("/secret", R"({"answer":"secret"})");
        start();
    }
    /// Everything that comes back for these bytes until the server closes or falls silent.
    std::string say(const std::string& bytes) const {
        Connection connection(port, {}, std::chrono::milliseconds{300});
        connection.send(bytes);
        return connection.receive_until("\x01 never \x01");
    }
    void expect_quick_answer() const {
        const auto began = std::chrono::steady_clock::now();
        EXPECT_EQ(get(port, "/x").status, 200);
        EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::milliseconds{50});
    }
};

TEST_F(HttpHostile, PipelinedQuestionsAreAnsweredInOrder) {
    serve();
    std::string many;
    for (int i = 0; i < 50; ++i) {
        many += "GET /"s + (i % 2 == 0 ? "x" : "secret") + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }
    Connection connection(port);
    connection.send(many);
    for (int i = 0; i < 50; ++i) {
        const auto answer = connection.receive();
        ASSERT_TRUE(answer) << i;
        EXPECT_THAT(answer->body, HasSubstr(i % 2 == 0 ? "\"x\"" : "secret"));
    }
}

TEST_F(HttpHostile, NoSecondQuestionHidesInABody) {
    serve();
    const std::string hidden = "GET /secret HTTP/1.1\r\nHost: a\r\n\r\n";
    const std::string length = "Content-Length: " + std::to_string(hidden.size()) + "\r\n";
    const auto question = [&](const std::string& method, const std::string& headers) {
        return method + " /x HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n" + hidden;
    };
    // The classic smuggling shapes: CL.TE, TE.CL, TE.TE, CL.CL (RFC 9112, 11.2).
    for (const std::string& headers :
         {length, "Content-Length: 0\r\n" + length, length + "Content-Length: 0\r\n",
          length + "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked\r\n"s,
          "Transfer-Encoding: xchunked\r\n" + length, "Transfer-Encoding : chunked\r\n" + length,
          "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n"s, "Content-Length: +4\r\n"s,
          "Content-Length: 0x4\r\n"s, "Content-Length: 4,4\r\n"s, "Content-Length: -1\r\n"s,
          "Content-Length: 99999999999999999999\r\n"s}) {
        for (const std::string method : {"GET", "HEAD", "POST", "OPTIONS"}) {
            SCOPED_TRACE(question(method, headers));
            const std::string said = say(question(method, headers));
            EXPECT_THAT(said, Not(HasSubstr("\"secret\"")));
            EXPECT_THAT(said, Not(HasSubstr("HTTP/1.1 2")));
        }
    }
    EXPECT_EQ(calls, 0);
}

/// Found by tests/proof/hostile_test.py: microhttpd keeps the blank in the name.
TEST_F(HttpHostile, ABlankBeforeTheColonHidesNoHeader) {
    serve();
    for (const std::string& header : {"Transfer-Encoding : chunked\r\n"s, "Content-Length : 5\r\n"s,
                                      "Transfer-Encoding\t: chunked\r\n"s, "X Y: a\r\n"s}) {
        const std::string said = say("GET /x HTTP/1.1\r\nHost: a\r\n" + header +
                                     "\r\nGET /secret HTTP/1.1\r\nHost: a\r\n\r\n");
        EXPECT_THAT(said, testing::StartsWith("HTTP/1.1 400")) << header;
        EXPECT_THAT(said, Not(HasSubstr("\"secret\""))) << header;
    }
}

TEST_F(HttpHostile, ABodyIsRefusedByName) {
    serve();
    const std::string body = say("GET /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
    EXPECT_THAT(body, HasSubstr("HTTP/1.1 413"));
    EXPECT_THAT(body, HasSubstr("application/problem+json"));
    const std::string coded =
        say("GET /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    EXPECT_THAT(coded, HasSubstr("HTTP/1.1 400"));
}

TEST_F(HttpHostile, PathTricksReachNothing) {
    serve();
    for (const std::string path :
         {"/../secret", "/x/../secret", "/%2e%2e/secret", "/x%00", "/secret%00.json", "/%2fsecret",
          "//secret", "/./secret", "/secret%5c", "/secret\\", "/secret%", "/secret%zz", "/\xff",
          "/%c0%afsecret", "secret", "/secret#x"}) {
        SCOPED_TRACE(path);
        const Answer answer = get(port, path);
        EXPECT_GE(answer.status, 400);
        EXPECT_LT(answer.status, 500);
    }
    EXPECT_EQ(calls, 0);
}

TEST_F(HttpHostile, SizesHaveEdges) {
    serve();
    EXPECT_EQ(get(port, "/x?" + std::string(4'000, '&')).status, 200);
    const Answer target = get(port, "/x?a=" + std::string(5'000, 'a'));
    EXPECT_EQ(target.status, 414);
    EXPECT_EQ(target.header("content-type"), "application/problem+json");
    const Answer headers = get(port, "/x", "X-Padding: " + std::string(9'000, 'a') + "\r\n");
    EXPECT_EQ(headers.status, 431);
    EXPECT_EQ(headers.header("content-type"), "application/problem+json");
    EXPECT_EQ(get(port, "/x", "X-Padding: " + std::string(7'000, 'a') + "\r\n").status, 200);
    EXPECT_EQ(calls, 1);
}

TEST_F(HttpHostile, AMegabyteOfHeaderIsCutOff) {
    serve();
    const std::string megabyte(1U << 20U, 'a');
    for (const std::string& start_line :
         {"GET /" + megabyte, "GET /x?" + megabyte, "GET /x HTTP/1.1\r\nHost: a\r\nX: " + megabyte,
          "GET /x HTTP/1.1\r\n" + megabyte, megabyte}) {
        Connection connection(port, {}, std::chrono::seconds{2});
        connection.send(start_line);
        const std::string said = connection.receive_until("\x01 never \x01");
        EXPECT_THAT(said, Not(HasSubstr("200 OK")));
        expect_quick_answer();
    }
    std::string lines = "GET /x HTTP/1.1\r\nHost: a\r\n";
    for (int i = 0; i < 50'000; ++i) lines += "A: b\r\n";
    EXPECT_THAT(say(lines), Not(HasSubstr("200 OK")));
    EXPECT_TRUE(eventually([&] { return server->load().connections == 0; }));
}

TEST_F(HttpHostile, AHugeQueryIsRefusedAtOnce) {
    serve();
    std::string query;
    for (int i = 0; i < 1'300; ++i) query += "a" + std::to_string(i % 10) + "&";
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(get(port, "/x?" + query).status, 400);
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::milliseconds{50});
}

TEST_F(HttpHostile, RandomBytesNeitherCrashNorHang) {
    serve();
    std::mt19937 random(20251115);  // the same bytes in every run
    const std::string alphabet = "GET /x?%= HTTP/1.\r\n\r\nHost:a,\"*;q\0\xff\x80"s;
    for (int i = 0; i < 300; ++i) {
        std::string bytes = i % 3 == 0 ? "GET /x"s : i % 3 == 1 ? "GET /x HTTP/1.1\r\n"s : ""s;
        for (std::size_t n = random() % 300; n > 0; --n) {
            bytes += random() % 2 == 0 ? alphabet[random() % alphabet.size()]
                                       : static_cast<char>(random() % 256);
        }
        Connection connection(port);
        connection.send(bytes + "\r\n\r\n");
    }
    expect_quick_answer();
    EXPECT_TRUE(eventually([&] { return server->load().connections == 0; }));
}

TEST_F(HttpHostile, EveryTruncationOfAQuestionIsSurvived) {
    options.idle_timeout =
        std::chrono::seconds{1};  // microhttpd overlooks an end that comes with data
    serve();
    const std::string whole =
        "GET /x?a=%20 HTTP/1.1\r\nHost: a\r\nIf-None-Match: \"a\", W/\"b\"\r\n\r\n";
    for (std::size_t n = 0; n < whole.size(); ++n) {
        Connection connection(port);
        connection.send(whole.substr(0, n));
    }
    expect_quick_answer();
    EXPECT_TRUE(eventually([&] { return server->load().connections == 0; }));
    EXPECT_EQ(calls, 1);
}

TEST_F(HttpHostile, ADrippingClientIsCutOffThoughItNeverFallsSilent) {
    options.head_timeout = std::chrono::seconds{1};
    serve();
    Connection loris(port);
    loris.send("GET /x HTTP/1.1\r\nHost: a\r\n");
    const auto began = std::chrono::steady_clock::now();
    while (loris.send("X") && std::chrono::steady_clock::now() - began < std::chrono::seconds{4}) {
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    const auto lived = std::chrono::steady_clock::now() - began;
    EXPECT_GE(lived, std::chrono::milliseconds{900});
    EXPECT_LT(lived, std::chrono::seconds{3});
}

TEST_F(HttpHostile, AHeadThatDoesNotEndIsCutOff) {
    options.head_timeout = std::chrono::seconds{0};
    serve();
    Connection loris(port);
    loris.send("GET /x HTTP/1.1\r\nHost: a\r\n");
    EXPECT_TRUE(eventually([&] { return server->load().connections == 0; }));
}

TEST_F(HttpHostile, ASilentClientIsDroppedAndABusyOneIsNot) {
    options.idle_timeout = std::chrono::seconds{1};
    serve();
    const std::string question = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";
    Connection silent(port);
    Connection busy(port);
    for (int i = 0; i < 8; ++i) {
        busy.send(question);
        ASSERT_TRUE(busy.receive()) << "cut off between two questions";
        std::this_thread::sleep_for(std::chrono::milliseconds{200});
    }
    EXPECT_TRUE(eventually([&] { return server->load().connections == 1; }));
    EXPECT_TRUE(silent.closed());
}

TEST_F(HttpHostile, AThousandIdleConnectionsLeaveItQuick) {
    raise_file_limit();
    serve();
    std::vector<Connection> idle;
    for (int i = 0; i < 1'000; ++i) {
        idle.emplace_back(port, "127.0.0." + std::to_string(2 + i % 8));
        ASSERT_TRUE(idle.back().send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n"));
    }
    ASSERT_TRUE(
        eventually([&] { return server->load().connections == 1'000; }, std::chrono::seconds{20}));
    for (int i = 0; i < 10; ++i) expect_quick_answer();
    for (Connection& connection : idle) EXPECT_EQ(connection.receive()->status, 200);
    idle.clear();
    EXPECT_TRUE(eventually([&] { return server->load().connections == 0; }));
}

TEST_F(HttpHostile, OneAddressCannotTakeEveryConnection) {
    options.max_connections_per_ip = 10;
    serve();
    std::vector<Connection> greedy;
    greedy.reserve(30);
    for (int i = 0; i < 30; ++i) greedy.emplace_back(port, "127.0.0.2");
    EXPECT_TRUE(eventually([&] { return server->load().connections == 10; }));
    expect_quick_answer();
}

TEST_F(HttpHostile, FullMeansWaitingNotCrashing) {
    options.max_connections = 5;
    serve();
    {
        std::vector<Connection> all;
        all.reserve(20);
        for (int i = 0; i < 20; ++i) all.emplace_back(port);
        EXPECT_TRUE(eventually([&] { return server->load().connections == 5; }));
    }
    EXPECT_TRUE(eventually([&] { return get(port, "/x").status == 200; }));
}

}  // namespace
}  // namespace hashprice::service::http::test
