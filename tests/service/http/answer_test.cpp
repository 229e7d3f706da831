// HEAD, entity tags, gzip, caching: what every answer has in common.
#include <gmock/gmock.h>

#include "tests/service/http/fixture.hpp"

namespace hashprice::service::http::test {
namespace {

using testing::HasSubstr;

std::string numbers(std::size_t bytes) {
    std::string text;
    for (int i = 0; text.size() < bytes; ++i) text += std::to_string(i) + ",";
    return text;
}

class HttpAnswer : public HttpTest {};

TEST_F(HttpAnswer, CarriesBodyTypeTagAndDate) {
    add_text("/api/v1/x", R"({"a":1})");
    start();

    const Answer answer = ask("/api/v1/x");

    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, R"({"a":1})");
    EXPECT_EQ(answer.header("content-type"), "application/json");
    EXPECT_EQ(answer.header("cache-control"), "no-cache");
    EXPECT_EQ(answer.header("x-content-type-options"), "nosniff");
    EXPECT_EQ(answer.header("vary"), "Accept-Encoding");
    EXPECT_THAT(answer.header("date"), HasSubstr("GMT"));
    EXPECT_THAT(answer.header("etag"), testing::MatchesRegex("\"[0-9a-f]+\""));
}

TEST_F(HttpAnswer, HeadIsGetWithoutTheBody) {
    add_text("/x", "0123456789");
    start();
    const Answer whole = ask("/x");

    Connection connection(port);
    connection.send("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto head = connection.receive(true);
    const auto next = connection.receive();

    ASSERT_TRUE(head && next);
    EXPECT_EQ(head->status, 200);
    EXPECT_EQ(head->header("content-length"), "10");
    EXPECT_EQ(head->header("etag"), whole.header("etag"));
    EXPECT_EQ(next->body, "0123456789") << "bytes of a body came after the HEAD";
}

TEST_F(HttpAnswer, ATagThatStillHoldsGives304WithTheTagAndNoBody) {
    add_text("/x", "hello");
    start();
    const std::string tag = ask("/x").header("etag");

    for (const std::string& given :
         {tag, "W/" + tag, std::string("*"), "\"other\", " + tag, "\"a,b\" ,W/\"c\"," + tag}) {
        SCOPED_TRACE(given);
        const Answer answer = ask("/x", "If-None-Match: " + given + "\r\n");
        EXPECT_EQ(answer.status, 304);
        EXPECT_EQ(answer.header("etag"), tag);
        EXPECT_EQ(answer.header("cache-control"), "no-cache");
        EXPECT_EQ(answer.header("content-type"), "");
    }
    for (const std::string given : {"\"other\"", "x", "\"unclosed", ""}) {
        SCOPED_TRACE(given);
        EXPECT_EQ(ask("/x", "If-None-Match: " + given + "\r\n").status, 200);
    }
}

TEST_F(HttpAnswer, TheTagFollowsTheBytesNotTheVersion) {
    std::atomic<int> value{1};
    add("/x", [&](const Request&) -> domain::Result<Response> {
        return ok("value " + std::to_string(value.load()));
    });
    start();

    const std::string first = ask("/x").header("etag");
    version = 2;
    const std::string same_bytes = ask("/x").header("etag");
    value = 2;
    version = 3;
    const std::string other_bytes = ask("/x").header("etag");

    EXPECT_EQ(first, same_bytes);
    EXPECT_NE(first, other_bytes);
}

TEST_F(HttpAnswer, IsCompressedWhenAskedForAndLargeEnough) {
    const std::string large = numbers(20'000);
    add_text("/large", large);
    add_text("/small", "[]");
    add_text("/picture", large, "image/png");
    start();

    const Answer packed = ask("/large", "Accept-Encoding: br, gzip;q=0.5\r\n");
    EXPECT_EQ(packed.header("content-encoding"), "gzip");
    EXPECT_EQ(gunzip(packed.body), large);
    EXPECT_LT(packed.body.size(), large.size() / 2);
    EXPECT_EQ(packed.header("vary"), "Accept-Encoding");

    const Answer plain = ask("/large");
    EXPECT_EQ(plain.body, large);
    EXPECT_NE(plain.header("etag"), packed.header("etag"));
    EXPECT_EQ(
        ask("/large", "Accept-Encoding: gzip\r\nIf-None-Match: " + packed.header("etag") + "\r\n")
            .status,
        304);

    EXPECT_EQ(ask("/small", "Accept-Encoding: gzip\r\n").header("content-encoding"), "");
    EXPECT_EQ(ask("/picture", "Accept-Encoding: gzip\r\n").header("content-encoding"), "");
    EXPECT_EQ(ask("/large", "Accept-Encoding: gzip;q=0\r\n").header("content-encoding"), "");
    EXPECT_EQ(ask("/large", "Accept-Encoding: gzip;q=0, *\r\n").header("content-encoding"), "");
    EXPECT_EQ(ask("/large", "Accept-Encoding: *\r\n").header("content-encoding"), "gzip");
}

TEST_F(HttpAnswer, TheSameQuestionIsAnsweredFromTheCacheUntilTheDataChange) {
    Route& route = add_text("/x", "[]");
    route.parameters = {{.name = "from", .kind = Kind::time, .default_text = "-30d"},
                        {.name = "n", .kind = Kind::integer, .default_text = "10"}};
    start();

    ask("/x?n=10&from=2025-10-16");
    ask("/x?from=2025-10-16T00:00:00Z");  // the same question in other words
    ask("/x?from=2025%2d10-16&n=010");
    ask("/x?from=-30d");
    ask("/x", "Accept-Encoding: gzip\r\n");  // other spellings of the same answer
    EXPECT_EQ(calls, 1);

    ask("/x?n=11");
    EXPECT_EQ(calls, 2);
    version = 2;
    ask("/x");
    ask("/x");
    EXPECT_EQ(calls, 3);
}

TEST_F(HttpAnswer, ATimeBucketEndsTheCacheWhereTheClockFlips) {
    add_text("/x", "[]").time_bucket = domain::seconds{10};
    start();

    ask("/x");
    clock.now_s += 9;
    ask("/x");
    EXPECT_EQ(calls, 1);
    clock.now_s += 1;
    ask("/x");
    EXPECT_EQ(calls, 2);
}

TEST_F(HttpAnswer, FixedFilesOutliveTheDataAndUncachedOnesAreMadeEveryTime) {
    add_text("/app.js", "let a;", "text/javascript").caching = Caching::fixed;
    start();
    ask("/app.js");
    version = 2;
    EXPECT_EQ(ask("/app.js").header("content-type"), "text/javascript; charset=utf-8");
    EXPECT_EQ(calls, 1);
}

TEST_F(HttpAnswer, WhatMustNotBeCachedSaysSoAndIsMadeEveryTime) {
    add_text("/healthz", "{}").caching = Caching::none;
    start();
    ask("/healthz");
    const Answer answer = ask("/healthz");
    EXPECT_EQ(answer.header("cache-control"), "no-store");
    EXPECT_EQ(answer.header("etag"), "");
    EXPECT_EQ(calls, 2);
}

TEST_F(HttpAnswer, TheCacheStaysWithinItsBytes) {
    options.cache_bytes = 100'000;
    Route& route = add("/x", [](const Request&) -> domain::Result<Response> {
        return ok(std::string(10'000, 'x'));
    });
    route.parameters = {{.name = "n", .kind = Kind::integer}};
    start();

    for (int n = 0; n < 50; ++n) EXPECT_EQ(ask("/x?n=" + std::to_string(n)).body.size(), 10'000U);

    EXPECT_LE(server->load().cached_bytes, 100'000U);
    EXPECT_GE(server->load().cached_answers, 5U);
}

TEST_F(HttpAnswer, PagesCarryAPolicyAgainstForeignScripts) {
    add_text("/", "<!doctype html>", "text/html");
    start();
    const Answer answer = ask("/");
    EXPECT_THAT(answer.header("content-security-policy"), HasSubstr("default-src 'self'"));
    EXPECT_EQ(answer.header("referrer-policy"), "no-referrer");
    EXPECT_EQ(answer.header("content-type"), "text/html; charset=utf-8");
}

TEST_F(HttpAnswer, FailuresOfAHandlerAreProblemsThatKeepInnerDetailsInside) {
    std::string logged;
    options.log = [&](std::string_view line) { logged += line; };
    add("/absent", [](const Request&) -> domain::Result<Response> {
        return domain::fail(domain::Errc::not_found, "no episode 7");
    });
    add("/broken", [](const Request&) -> domain::Result<Response> {
        return domain::fail(domain::Errc::database, "/var/lib/secret.db is corrupt");
    });
    add("/throws", [](const Request& request) -> domain::Result<Response> {
        return ok(request.text("undeclared"));
    });
    start();

    const Answer absent = ask("/absent");
    EXPECT_EQ(absent.status, 404);
    EXPECT_EQ(absent.header("content-type"), "application/problem+json");
    EXPECT_THAT(absent.body, HasSubstr(R"("detail":"no episode 7")"));
    const Answer broken = ask("/broken");
    EXPECT_EQ(broken.status, 503);
    EXPECT_EQ(broken.header("retry-after"), "5");
    EXPECT_THAT(broken.body, testing::Not(HasSubstr("secret")));
    EXPECT_EQ(ask("/throws").status, 500);
    EXPECT_THAT(logged, HasSubstr("secret.db"));
    EXPECT_THAT(logged, HasSubstr("undeclared"));
}

TEST_F(HttpAnswer, AnErrorIsNotKeptForTheNextWhoAsks) {
    std::atomic<bool> works{false};
    add("/x", [&](const Request&) -> domain::Result<Response> {
        if (works) return ok("[]");
        return domain::fail(domain::Errc::database, "busy");
    });
    start();
    EXPECT_EQ(ask("/x").status, 503);
    works = true;
    EXPECT_EQ(ask("/x").status, 200);
}

}  // namespace
}  // namespace hashprice::service::http::test
