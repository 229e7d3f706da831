#include <gmock/gmock.h>

#include <regex>
#include <set>

#include "service/app/hashprice_routes.hpp"
#include "service/dashboard/files.hpp"
#include "tests/service/http/fixture.hpp"

namespace hashprice::service::app {
namespace {

using http::test::Answer;
using testing::HasSubstr;
using testing::Not;

/// The page's own routes behind a real server; nothing here asks the database.
class Assets : public http::test::HttpTest {
protected:
    void serve() {
        options.content_security_policy = dashboard::kContentSecurityPolicy;
        for (http::Route& route : dashboard_routes({connections, clock, {}})) add(std::move(route));
        start();
    }
    static std::string path_of(std::string_view name) {
        return "/assets/" + std::string(dashboard::version()) + "/" + std::string(name);
    }
    static std::string_view text_of(std::string_view name) { return dashboard::find(name)->text; }

    Connections connections{"no-such-file"};
};

std::set<std::string> all_matches(std::string_view text, const std::string& pattern) {
    const std::regex wanted(pattern);
    const std::string copy(text);
    std::set<std::string> found;
    for (std::sregex_iterator at(copy.begin(), copy.end(), wanted), end; at != end; ++at)
        found.insert((*at)[1]);
    return found;
}

bool is_ours(std::string_view name) { return !name.starts_with("dygraph."); }

TEST_F(Assets, EveryFileThatThePageNamesIsThereAndKeptForAYear) {
    serve();

    const Answer page = ask("/");
    const auto named = all_matches(page.body, R"#((?:src|href)="(assets/[^"]+)")#");

    EXPECT_EQ(page.status, 200);
    EXPECT_EQ(page.header("cache-control"), "no-cache");
    EXPECT_GT(named.size(), 20U);
    for (const std::string& name : named) {
        const Answer file = ask("/" + name);
        EXPECT_EQ(file.status, 200) << name;
        EXPECT_FALSE(file.body.empty()) << name;
        EXPECT_EQ(file.header("cache-control"), "public, max-age=31536000, immutable") << name;
        EXPECT_EQ(file.header("x-content-type-options"), "nosniff") << name;
    }
}

TEST_F(Assets, EveryModuleThatAnotherImportsIsThereAndLoadedAhead) {
    const std::string_view page = text_of("index.html");
    for (const dashboard::File& file : dashboard::files()) {
        if (!is_ours(file.name) || !file.name.ends_with(".js")) continue;
        for (const std::string& name : all_matches(file.text, R"(from '\./([\w.]+)')")) {
            EXPECT_NE(dashboard::find(name), nullptr) << file.name << " imports " << name;
            EXPECT_THAT(page, HasSubstr("modulepreload\" href=\"assets/" +
                                        std::string(dashboard::version()) + "/" + name));
        }
    }
}

TEST_F(Assets, TypesAreThoseThatABrowserTakesUnderNosniff) {
    serve();

    EXPECT_EQ(ask("/").header("content-type"), "text/html; charset=utf-8");
    EXPECT_EQ(ask(path_of("main.js")).header("content-type"), "text/javascript; charset=utf-8");
    EXPECT_EQ(ask(path_of("base.css")).header("content-type"), "text/css; charset=utf-8");
    EXPECT_EQ(ask(path_of("icon.svg")).header("content-type"), "image/svg+xml");
}

TEST_F(Assets, AnUnchangedFileCostsA304) {
    serve();

    for (const std::string& path : {std::string("/"), path_of("main.js")}) {
        const std::string tag = ask(path).header("etag");
        const Answer again = ask(path, "If-None-Match: " + tag + "\r\n");
        EXPECT_FALSE(tag.empty()) << path;
        EXPECT_EQ(again.status, 304) << path;
        EXPECT_TRUE(again.body.empty()) << path;
    }
}

TEST_F(Assets, ThePolicyAllowsTheOwnFilesAndTheOwnApiAndNothingElse) {
    serve();

    const Answer page = ask("/");
    const std::string policy = page.header("content-security-policy");

    for (const std::string_view part :
         {"default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'",
          "img-src 'self' data:", "base-uri 'none'", "form-action 'none'",
          "frame-ancestors 'none'"}) {
        EXPECT_THAT(policy, HasSubstr(part));
    }
    EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
    EXPECT_THAT(policy, Not(HasSubstr("*")));
    EXPECT_EQ(page.header("referrer-policy"), "no-referrer");
}

TEST_F(Assets, ThePageHoldsNothingThatThePolicyForbids) {
    const std::string page(text_of("index.html"));

    EXPECT_FALSE(std::regex_search(page, std::regex(R"#(<script(?![^>]*\bsrc=))#")));
    EXPECT_FALSE(std::regex_search(page, std::regex(R"#(<style|\sstyle=|\son[a-z]+=)#")));
    for (const dashboard::File& file : dashboard::files()) {
        if (!is_ours(file.name)) continue;
        EXPECT_TRUE(all_matches(file.text, R"#((\beval\(|new Function|\.innerHTML))#").empty())
            << file.name;
        EXPECT_TRUE(all_matches(file.text, R"#((https?://(?!www\.w3\.org/2000/svg)))#").empty())
            << file.name << " names another origin";
    }
}

TEST_F(Assets, UnderABasePathEveryAddressIsRelative) {
    options.base_path = "/hashprice";
    serve();

    const Answer bare = ask("/hashprice");
    const Answer page = ask("/hashprice/");

    EXPECT_EQ(bare.status, 308);
    EXPECT_EQ(bare.header("location"), "/hashprice/");
    EXPECT_EQ(page.status, 200);
    EXPECT_TRUE(all_matches(page.body, R"#((?:src|href)="(/[^"]*)")#").empty());
    EXPECT_EQ(ask("/hashprice" + path_of("main.js")).status, 200);
    EXPECT_EQ(ask(path_of("main.js")).status, 404);
    for (const dashboard::File& file : dashboard::files()) {
        if (!is_ours(file.name)) continue;
        EXPECT_TRUE(all_matches(file.text, R"#((['"`]/(?:api|assets)))#").empty()) << file.name;
    }
}

TEST_F(Assets, AnotherVersionAndAnUnknownFileAreNotThere) {
    serve();

    EXPECT_EQ(ask("/assets/0123456789abcdef/main.js").status, 404);
    EXPECT_EQ(ask(path_of("nothing.js")).status, 404);
    EXPECT_EQ(ask("/assets/main.js").status, 404);
    EXPECT_EQ(ask(path_of("..%2findex.html")).status, 400);  // a path that hides a path
}

TEST_F(Assets, WithATokenThePageStillLoadsSoThatItCanAskForIt) {
    options.token = "a long secret";
    serve();

    EXPECT_EQ(ask("/").status, 200);
    EXPECT_EQ(ask(path_of("token.js")).status, 200);
    EXPECT_EQ(ask("/api/v1/hashprice/latest").status, 401);
}

TEST_F(Assets, AllOfItTogetherIsUnder250KilobytesCompressed) {
    serve();

    std::size_t bytes = 0;
    for (const dashboard::File& file : dashboard::files()) {
        const Answer packed = ask(path_of(file.name), "Accept-Encoding: gzip\r\n");
        ASSERT_EQ(packed.status, 200) << file.name;
        bytes += packed.body.size();
    }
    EXPECT_LT(bytes, 250'000U);
    EXPECT_GT(bytes, 20'000U);
}

}  // namespace
}  // namespace hashprice::service::app
