// Answers that are made while they are sent.
#include <gmock/gmock.h>

#include "tests/service/http/fixture.hpp"

namespace hashprice::service::http::test {
namespace {

/// Counts the generators that are alive: what a generator holds (a cursor, a snapshot) is let go
/// with it.
struct Alive {
    explicit Alive(std::atomic<int>& n) : count(&n) { ++n; }
    Alive(const Alive& other) : count(other.count) { ++*count; }
    Alive& operator=(const Alive&) = delete;
    ~Alive() { --*count; }
    std::atomic<int>* count;
};

class HttpStream : public HttpTest {
protected:
    /// `rows` pieces of 10,000 bytes; less than none: for ever.
    Route& add_rows(int rows) {
        return add("/rows", [this, rows](const Request&) -> domain::Result<Response> {
            Response response;
            response.media_type = "text/csv";
            response.stream = [this, rows, alive = Alive(generators),
                               row = 0](std::string& chunk) mutable -> domain::Result<bool> {
                ++pieces;
                chunk.assign(9'999, static_cast<char>('a' + row % 26));
                chunk += '\n';
                return ++row != rows;
            };
            return response;
        });
    }
    std::atomic<int> generators{0};
    std::atomic<int> pieces{0};
};

std::string rows(int count) {
    std::string text;
    for (int i = 0; i < count; ++i)
        text += std::string(9'999, static_cast<char>('a' + i % 26)) + '\n';
    return text;
}

TEST_F(HttpStream, ArrivesWholeInChunks) {
    add_rows(300);
    start();
    const Answer answer = ask("/rows");
    EXPECT_TRUE(answer.complete);
    EXPECT_EQ(answer.header("transfer-encoding"), "chunked");
    EXPECT_EQ(answer.header("content-type"), "text/csv; charset=utf-8");
    EXPECT_TRUE(answer.body == rows(300));
    EXPECT_TRUE(eventually([&] { return generators == 0; }));
}

TEST_F(HttpStream, IsCompressedPieceByPiece) {
    add_rows(300);
    start();
    const Answer answer = ask("/rows", "Accept-Encoding: gzip\r\n");
    EXPECT_TRUE(answer.complete);
    EXPECT_EQ(answer.header("content-encoding"), "gzip");
    EXPECT_LT(answer.body.size(), 100'000U);
    EXPECT_TRUE(gunzip(answer.body) == rows(300));
}

TEST_F(HttpStream, HeadAnd304StartNoWork) {
    add_rows(-1);
    start();
    const Answer head = ask("/rows", "", "HEAD");
    EXPECT_EQ(head.status, 200);
    const std::string tag = head.header("etag");
    EXPECT_THAT(tag, testing::StartsWith("W/\""));
    EXPECT_EQ(ask("/rows", "If-None-Match: " + tag + "\r\n").status, 304);
    EXPECT_EQ(pieces, 0);
    version = 2;
    EXPECT_NE(ask("/rows", "", "HEAD").header("etag"), tag);
    EXPECT_TRUE(eventually([&] { return generators == 0; }));
}

TEST_F(HttpStream, AClientThatLeavesFreesTheGeneratorAndItsFile) {
    add_rows(-1);
    start();
    ask("/nowhere");
    const std::size_t files = open_files();
    for (int i = 0; i < 20; ++i) {
        Connection connection(port);
        connection.send("GET /rows HTTP/1.1\r\nHost: a\r\n\r\n");
        EXPECT_THAT(connection.receive_until("bbbb"), testing::HasSubstr("200 OK"));
    }
    EXPECT_TRUE(eventually([&] { return generators == 0; }));
    EXPECT_TRUE(eventually([&] { return open_files() <= files; }));
}

TEST_F(HttpStream, AClientThatNeverReadsIsDroppedAndHoldsLittle) {
    options.idle_timeout = std::chrono::seconds{1};
    add_rows(-1);
    start();
    Connection connection(port);
    connection.shrink_receive_buffer();
    connection.send("GET /rows HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_TRUE(eventually([&] { return generators == 1; }));
    ASSERT_TRUE(eventually([&] { return generators == 0; }));
    EXPECT_LT(pieces, 2'000) << "more than sockets hold was made for a client that reads nothing";
}

TEST_F(HttpStream, ADownloadMayNotLastForEver) {
    options.answer_timeout = std::chrono::seconds{0};
    options.housekeeping = std::chrono::milliseconds{20};
    add_rows(-1);
    start();
    const Answer answer = ask("/rows");
    EXPECT_EQ(answer.status, 200);
    EXPECT_FALSE(answer.complete);
    EXPECT_TRUE(eventually([&] { return generators == 0; }));
}

TEST_F(HttpStream, AnErrorHalfWayLooksCutOffNotComplete) {
    for (const bool thrown : {false, true}) {
        add(thrown ? "/thrown" : "/failed", [thrown](const Request&) -> domain::Result<Response> {
            Response response;
            response.media_type = "text/csv";
            response.stream = [thrown, n = 0](std::string& chunk) mutable -> domain::Result<bool> {
                chunk = "row\n";
                if (++n < 3) return true;
                if (thrown) throw std::runtime_error("unexpected");
                return domain::fail(domain::Errc::database, "gone");
            };
            return response;
        });
    }
    start();
    for (const std::string path : {"/failed", "/thrown"}) {
        const Answer answer = ask(path);
        EXPECT_EQ(answer.status, 200);
        EXPECT_FALSE(answer.complete);
    }
}

TEST_F(HttpStream, OthersAreAnsweredWhileOneIsSent) {
    add_rows(-1);
    add_text("/x", "[]");
    start();
    Connection greedy(port);
    greedy.send("GET /rows HTTP/1.1\r\nHost: a\r\n\r\n");
    std::atomic<bool> done{false};
    const std::jthread reader([&] {
        while (!done && !greedy.receive_until("zzzz\n").empty()) {
        }
    });
    for (int i = 0; i < 20; ++i) EXPECT_EQ(ask("/x").status, 200);
    done = true;
}

TEST_F(HttpStream, StoppingTheServerCutsARunningDownloadWithinASecond) {
    add_rows(-1);
    start();
    Connection connection(port);
    connection.send("GET /rows HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_TRUE(eventually([&] { return generators == 1; }));
    const auto began = std::chrono::steady_clock::now();
    server->stop();
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{1});
    EXPECT_EQ(generators, 0);
    EXPECT_FALSE(Connection(port).open()) << "still listening";
    server->stop();
}

}  // namespace
}  // namespace hashprice::service::http::test
