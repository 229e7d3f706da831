// Who may ask, from where, and under which path.
#include <gmock/gmock.h>

#include "service/http/negotiation.hpp"
#include "tests/service/http/fixture.hpp"

namespace hashprice::service::http::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class HttpAccess : public HttpTest {};

TEST_F(HttpAccess, UnknownPathsMethodsAndParametersAreProblems) {
    Route& route = add_text("/api/v1/x", "[]");
    route.parameters = {{.name = "step", .kind = Kind::enumeration, .choices = {"1h", "1d"}}};
    start();

    const Answer absent = ask("/nowhere");
    EXPECT_EQ(absent.status, 404);
    EXPECT_EQ(absent.header("content-type"), "application/problem+json");
    EXPECT_EQ(absent.header("cache-control"), "no-store");
    EXPECT_EQ(absent.body, R"({"type":"about:blank","title":"Not Found","status":404,)"
                           R"("detail":"nothing is served here"})");  // RFC 9457, section 3

    const Answer method = ask("/api/v1/x", "Content-Length: 0\r\n", "POST");
    EXPECT_EQ(method.status, 405);
    EXPECT_EQ(method.header("allow"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(ask("/api/v1/x", "", "DELETE").status, 405);
    EXPECT_EQ(ask("/api/v1/x", "", "BREW").status, 405);

    const Answer parameter = ask("/api/v1/x?step=1%22h");
    EXPECT_EQ(parameter.status, 400);
    EXPECT_THAT(parameter.body, HasSubstr(R"("parameter":"step")"));
    EXPECT_THAT(parameter.body, HasSubstr(R"(1\"h)"));
    EXPECT_EQ(calls, 0);
}

TEST_F(HttpAccess, AnUnknownWordInThePathIs404ByName) {
    Route& route = add_text("/inputs/{input}", "[]");
    route.parameters = {
        {.name = "input", .kind = Kind::enumeration, .choices = {"fees", "price"}, .in = In::path}};
    start();
    EXPECT_EQ(ask("/inputs/fees").status, 200);
    const Answer answer = ask("/inputs/weather");
    EXPECT_EQ(answer.status, 404);
    EXPECT_THAT(answer.body, HasSubstr(R"("parameter":"input")"));
}

TEST_F(HttpAccess, TheTokenOpensOnlyWhatItProtects) {
    options.token = "s3cret-token";
    std::string logged;
    options.log = [&](std::string_view line) { logged += line; };
    add_text("/api/v1/x", "[]");
    add_text("/healthz", "{}");
    start();

    const Answer none = ask("/api/v1/x");
    EXPECT_EQ(none.status, 401);
    EXPECT_THAT(none.header("www-authenticate"), HasSubstr("Bearer"));
    EXPECT_THAT(none.body, Not(HasSubstr("s3cret")));
    for (const std::string given :
         {"Bearer wrong", "Bearer s3cret-toke", "Bearer s3cret-tokenX", "Bearer", "Bearer ",
          "Basic s3cret-token", "s3cret-token", "Bearer s3cret-token s3cret-token"}) {
        EXPECT_EQ(ask("/api/v1/x", "Authorization: " + given + "\r\n").status, 401) << given;
    }
    EXPECT_EQ(ask("/api/v1/x", "Authorization: Bearer s3cret-token\r\n").status, 200);
    EXPECT_EQ(ask("/api/v1/x", "authorization: bearer s3cret-token\r\n").status, 200);
    EXPECT_EQ(ask("/api/v1/x", "Authorization: Bearer s3cret-token\r\n").header("cache-control"),
              "private, no-cache");
    EXPECT_EQ(ask("/%61pi/v1/x").status, 401)
        << "another spelling of the path went round the token";
    EXPECT_EQ(ask("/api/v1/nowhere").status, 401);
    EXPECT_EQ(ask("/nowhere").status, 404);
    EXPECT_EQ(ask("/healthz").status, 200);
    EXPECT_THAT(logged, Not(HasSubstr("s3cret")));
}

TEST_F(HttpAccess, OnlyConfiguredOriginsMayRead) {
    options.cors_origins = {"https://grafana.example", "http://localhost:3000"};
    add_text("/api/v1/x", "[]");
    start();

    const Answer good = ask("/api/v1/x", "Origin: http://localhost:3000\r\n");
    EXPECT_EQ(good.header("access-control-allow-origin"), "http://localhost:3000");
    EXPECT_THAT(good.header("vary"), HasSubstr("Origin"));
    EXPECT_EQ(ask("/api/v1/x", "Origin: https://grafana.example\r\n")
                  .header("access-control-allow-origin"),
              "https://grafana.example");
    for (const std::string other : {"https://evil.example", "https://grafana.example.evil", "null",
                                    "http://localhost:3001"}) {
        const Answer answer = ask("/api/v1/x", "Origin: " + other + "\r\n");
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.header("access-control-allow-origin"), "") << other;
        EXPECT_THAT(answer.header("vary"), HasSubstr("Origin"));
    }
    EXPECT_EQ(calls, 1) << "the origin must not multiply the work";
}

TEST_F(HttpAccess, APreflightIsAnsweredWithoutTheToken) {
    options.cors_origins = {"https://a.example"};
    options.token = "t";
    add_text("/api/v1/x", "[]");
    start();
    const std::string asked = "Access-Control-Request-Method: GET\r\n";

    const Answer yes = ask("/api/v1/x", "Origin: https://a.example\r\n" + asked, "OPTIONS");
    EXPECT_EQ(yes.status, 204);
    EXPECT_EQ(yes.header("access-control-allow-origin"), "https://a.example");
    EXPECT_THAT(yes.header("access-control-allow-methods"), HasSubstr("GET"));
    EXPECT_THAT(yes.header("access-control-allow-headers"), HasSubstr("Authorization"));

    const Answer no = ask("/api/v1/x", "Origin: https://b.example\r\n" + asked, "OPTIONS");
    EXPECT_EQ(no.status, 204);
    EXPECT_EQ(no.header("access-control-allow-origin"), "");
    EXPECT_EQ(no.header("access-control-allow-methods"), "");
    EXPECT_EQ(ask("*", "", "OPTIONS").header("allow"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(
        ask("/api/v1/x", "Origin: https://a.example\r\n").header("access-control-allow-origin"),
        "https://a.example")
        << "a page must be able to read the 401";
}

TEST_F(HttpAccess, AStarAllowsEveryone) {
    options.cors_origins = {"*"};
    add_text("/x", "[]");
    start();
    EXPECT_EQ(ask("/x", "Origin: https://a.example\r\n").header("access-control-allow-origin"),
              "*");
    EXPECT_EQ(ask("/x").header("vary"), "Accept-Encoding");
}

TEST_F(HttpAccess, ABasePathIsTakenOffAndNothingElseIsServed) {
    options.base_path = "/hash/price/";
    options.token = "t";
    add_text("/", "page", "text/html");
    add_text("/api/x", "[]");
    start();

    EXPECT_EQ(ask("/hash/price/").body, "page");
    EXPECT_EQ(ask("/hash/price").status, 308);
    EXPECT_EQ(ask("/hash/price").header("location"), "/hash/price/");
    EXPECT_EQ(ask("/hash/price/api/x", "Authorization: Bearer t\r\n").status, 200);
    EXPECT_EQ(ask("/hash/price/api/x").status, 401);
    for (const std::string path : {"/", "/api/x", "/hash", "/hash/pricey", "/hash/price/x"}) {
        EXPECT_EQ(ask(path).status, 404) << path;
    }
    EXPECT_THAT(server->url(), testing::EndsWith("/hash/price/"));
}

TEST_F(HttpAccess, SettingsThatCannotWorkAreRefusedAtTheStart) {
    const auto why = [this](const std::function<void(Options&)>& spoil) -> std::string {
        Options bad;
        bad.clock = &clock;
        bad.listen = "127.0.0.1:0";
        spoil(bad);
        const auto started = Server::start(bad, {});
        return started ? "" : started.error().what;
    };
    EXPECT_EQ(why([](Options&) {}), "");
    EXPECT_THAT(why([](Options& o) { o.base_path = "/a/../b"; }), HasSubstr("base path"));
    EXPECT_THAT(why([](Options& o) { o.base_path = "a"; }), HasSubstr("base path"));
    EXPECT_THAT(why([](Options& o) { o.listen = "127.0.0.1"; }), HasSubstr("no port"));
    EXPECT_THAT(why([](Options& o) { o.listen = "127.0.0.1:70000"; }), HasSubstr("0 to 65535"));
    EXPECT_THAT(why([](Options& o) { o.listen = "::1:80"; }), HasSubstr("brackets"));
    EXPECT_THAT(why([](Options& o) { o.listen = "192.0.2.1:0"; }), HasSubstr("no interface"));
}

TEST_F(HttpAccess, APortInUseIsNamedInOneLine) {
    start();
    Options second;
    second.clock = &clock;
    second.listen = "127.0.0.1:" + std::to_string(port);
    const auto started = Server::start(second, {});
    ASSERT_FALSE(started);
    EXPECT_THAT(started.error().what, HasSubstr(second.listen));
    EXPECT_THAT(started.error().what, HasSubstr("another program has the port"));
    EXPECT_THAT(started.error().what, Not(HasSubstr("\n")));
}

TEST_F(HttpAccess, ListensOnIPv6AndOnEveryAddress) {
    const auto listening_on = [this](const std::string& address) {
        Options wide;
        wide.clock = &clock;
        wide.listen = address;
        return Server::start(wide, {});
    };
    const auto everywhere = listening_on("*:0");
    ASSERT_TRUE(everywhere) << everywhere.error().what;
    EXPECT_EQ(get((*everywhere)->port(), "/").status, 404) << "by IPv4";
    EXPECT_TRUE(listening_on("localhost:0"));
    const auto v6 = listening_on("[::1]:0");  // a machine may have no IPv6: then it says so
    if (v6)
        EXPECT_THAT((*v6)->url(), HasSubstr("http://[::1]:"));
    else
        EXPECT_THAT(v6.error().what, HasSubstr("cannot listen on ::1:0"));
}

TEST(Token, IsHeldAgainstItsDigest) {
    const TokenCheck check("abc");
    EXPECT_TRUE(check.allows("Bearer abc"));
    EXPECT_TRUE(check.allows("BEARER  abc "));
    EXPECT_FALSE(check.allows("Bearer abcd"));
    EXPECT_FALSE(check.allows(""));
    EXPECT_TRUE(TokenCheck("").allows(""));
}

}  // namespace
}  // namespace hashprice::service::http::test
