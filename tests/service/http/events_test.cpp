#include "service/http/events.hpp"

#include <gmock/gmock.h>

#include "tests/service/http/fixture.hpp"

namespace hashprice::service::http::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class Events : public HttpTest {
protected:
    void serve(EventHub::Limits limits = {}) {
        hub = std::make_unique<EventHub>(limits);
        options.events = hub.get();
        options.housekeeping = std::chrono::milliseconds{20};
        add(hub->route("/api/v1/events"));
        add_text("/x", "[]");
        start();
    }
    Connection listen(const std::string& headers = {}) {
        const std::size_t before = hub->clients();
        Connection connection(port);
        connection.send("GET /api/v1/events HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n");
        EXPECT_THAT(connection.receive_until("retry: 3000\n\n"), HasSubstr("200 OK"));
        EXPECT_TRUE(eventually([&] { return hub->clients() > before; }));
        return connection;
    }
    void TearDown() override {
        if (server) server->stop();
    }
    std::unique_ptr<EventHub> hub;
};

TEST_F(Events, ReachEveryListenerInOrder) {
    serve();
    Connection one = listen();
    Connection two = listen();

    hub->publish("observation", "o1", R"({"a":1})");
    hub->publish("episode", "e1", "two\nlines");

    for (Connection* client : {&one, &two}) {
        const std::string text = client->receive_until("lines\n\n");
        EXPECT_THAT(text, HasSubstr("id: o1\nevent: observation\ndata: {\"a\":1}\n\n"));
        EXPECT_THAT(text, HasSubstr("id: e1\nevent: episode\ndata: two\ndata: lines\n\n"));
        EXPECT_LT(text.find("o1"), text.find("e1"));
    }
}

TEST_F(Events, TheStreamSaysWhatItIs) {
    serve();
    Connection connection(port);
    connection.send("GET /api/v1/events HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
    const std::string head = connection.receive_until("\r\n\r\n");
    EXPECT_THAT(head, HasSubstr("Content-Type: text/event-stream\r\n"));
    EXPECT_THAT(head, HasSubstr("Cache-Control: no-store\r\n"));
    EXPECT_THAT(head, HasSubstr("X-Accel-Buffering: no\r\n"));
    EXPECT_THAT(head, Not(HasSubstr("Content-Encoding")));
}

TEST_F(Events, AClientThatComesBackGetsWhatItMissed) {
    serve();
    for (int i = 1; i <= 5; ++i) hub->publish("source", "s" + std::to_string(i), "{}");

    Connection client = listen("Last-Event-ID: s3\r\n");
    const std::string text = client.receive_until("id: s5\nevent: source\ndata: {}\n\n");

    EXPECT_THAT(text, Not(HasSubstr("id: s3")));
    EXPECT_THAT(text, HasSubstr("id: s4"));
    EXPECT_THAT(text, HasSubstr("id: s5"));
    EXPECT_THAT(text, Not(HasSubstr("reset")));
}

TEST_F(Events, OneWhoseLastEventIsForgottenIsToldToStartAnew) {
    serve({.held_events = 2});
    for (int i = 1; i <= 5; ++i) hub->publish("source", "s" + std::to_string(i), "{}");

    Connection client = listen("Last-Event-ID: s1\r\n");
    hub->publish("source", "s6", "{}");

    const std::string text = client.receive_until("id: s6");
    EXPECT_THAT(text, HasSubstr("event: reset\ndata: {}\n\n"));
    EXPECT_THAT(text, Not(HasSubstr("s5")));
}

TEST_F(Events, WithoutAnIdTheHubNumbersThem) {
    serve();
    Connection client = listen();
    hub->publish("source", "", "first");
    hub->publish("source", "", "second");
    const std::string text = client.receive_until("second\n\n");
    const std::size_t id = text.find("id: ") + 4;
    const std::string first = text.substr(id, text.find('\n', id) - id);

    Connection again = listen("Last-Event-ID: " + first + "\r\n");
    EXPECT_THAT(again.receive_until("second\n\n"), Not(HasSubstr("first")));
}

TEST_F(Events, AnIdCannotForgeLines) {
    serve();
    Connection client = listen();
    hub->publish("a\nevent: b", "1\r\ndata: x", "{}");
    EXPECT_THAT(client.receive_until("{}\n\n"),
                HasSubstr("id: 1data: x\nevent: aevent: b\ndata: {}\n\n"));
}

TEST_F(Events, ASilentStreamIsKeptWarm) {
    serve({.heartbeat = std::chrono::seconds{0}});
    Connection client = listen();
    EXPECT_THAT(client.receive_until(":\n\n"), HasSubstr(":\n\n"));
    EXPECT_THAT(client.receive_until(":\n\n"), HasSubstr(":\n\n"));
}

TEST_F(Events, AClientThatLeavesIsSeenWithoutAnyEvent) {
    serve();
    const std::size_t files = open_files();
    {
        Connection client = listen();
        EXPECT_EQ(hub->clients(), 1U);
    }
    EXPECT_TRUE(eventually([&] { return hub->clients() == 0; }));
    EXPECT_TRUE(eventually([&] { return open_files() <= files; }));
}

TEST_F(Events, ASlowClientIsDroppedAndTheOthersAreNot) {
    serve({.held_events = 8, .held_bytes = 1U << 20U});
    Connection slow = listen();
    slow.shrink_receive_buffer();
    Connection quick = listen();
    std::atomic<int> read{0};
    std::atomic<bool> last{false};
    const std::jthread reader([&] {
        while (!last) {
            const std::string event = quick.receive_until("\n\n");
            if (event.empty()) return;
            if (event.find("data: ") != std::string::npos) ++read;
            last = event.find("data: the last\n") != std::string::npos;
        }
    });

    const std::string large(100'000, 'x');
    for (int i = 1; i <= 400 && hub->clients() == 2; ++i) {
        hub->publish("source", "", large);
        ASSERT_TRUE(eventually([&] { return read >= i; })) << "the quick client was not served";
    }
    EXPECT_TRUE(eventually([&] { return hub->clients() == 1; }));
    hub->publish("source", "", "the last");
    EXPECT_TRUE(eventually([&] { return last.load(); }));
}

TEST_F(Events, MoreThanTheLimitAreSentAway) {
    serve({.clients = 1});
    Connection client = listen();
    const Answer answer = ask("/api/v1/events");
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(answer.header("retry-after"), "30");
}

TEST_F(Events, AThousandStreamsAreServedByOneThreadAndEndWithTheServer) {
    raise_file_limit();
    serve();
    std::vector<Connection> clients;
    for (int i = 0; i < 1'000; ++i) {
        clients.emplace_back(port);
        ASSERT_TRUE(clients.back().send("GET /api/v1/events HTTP/1.1\r\nHost: a\r\n\r\n"));
    }
    ASSERT_TRUE(eventually([&] { return hub->clients() == 1'000; }, std::chrono::seconds{20}));

    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(ask("/x").status, 200);
    const auto took = std::chrono::steady_clock::now() - began;
    hub->publish("observation", "o1", "{}");
    for (Connection& client : clients) {
        EXPECT_THAT(client.receive_until("id: o1\nevent: observation\ndata: {}\n\n"),
                    testing::EndsWith("data: {}\n\n"));
    }
    EXPECT_LT(took, std::chrono::milliseconds{50});

    const auto stopping = std::chrono::steady_clock::now();
    server->stop();
    EXPECT_LT(std::chrono::steady_clock::now() - stopping, std::chrono::seconds{1});
    EXPECT_EQ(hub->clients(), 0U);
    clients.back().receive_until("never");
    EXPECT_TRUE(clients.back().closed());
}

TEST_F(Events, PublishingFromManyThreadsLosesNothing) {
    serve();
    Connection client = listen();
    {
        std::vector<std::jthread> threads;
        threads.reserve(4);
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([this, t] {
                for (int i = 0; i < 50; ++i) {
                    hub->publish("source", std::to_string(t) + "/" + std::to_string(i), "{}");
                }
            });
        }
    }
    hub->publish("source", "end", "{}");
    const std::string text = client.receive_until("id: end");
    for (int t = 0; t < 4; ++t) {
        for (int i = 0; i < 50; ++i) {
            ASSERT_THAT(text,
                        HasSubstr("id: " + std::to_string(t) + "/" + std::to_string(i) + "\n"));
        }
    }
}

}  // namespace
}  // namespace hashprice::service::http::test
