#include "service/http/uri.hpp"

#include <gmock/gmock.h>

namespace hashprice::service::http {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(Uri, TargetsComeApartAtTheQuestionMark) {
    EXPECT_EQ(split_target("/a/b?c=d?e")->path, "/a/b");
    EXPECT_EQ(split_target("/a/b?c=d?e")->query, "c=d?e");
    EXPECT_EQ(split_target("/")->path, "/");
    // RFC 9112, 3.2.2: a server must accept the absolute form.
    EXPECT_EQ(split_target("http://host:80/a?b")->path, "/a");
    EXPECT_EQ(split_target("HTTP://host")->path, "/");
    EXPECT_EQ(split_target("http://host?b")->query, "b");
}

TEST(Uri, WhatIsNoTargetIsRefused) {
    using namespace std::string_view_literals;
    for (const std::string_view text : {""sv, "a"sv, "*"sv, "/a b"sv, "/a\tb"sv, "/\x80"sv,
                                        "/a\0b"sv, "/a#b"sv, "http:///a"sv, "ftp://h/a"sv}) {
        EXPECT_FALSE(split_target(text)) << text;
    }
}

TEST(Uri, EscapesAreDecodedStrictly) {
    EXPECT_EQ(percent_decode("a%20b%2Fc%c3%A9+"), "a b/c\xc3\xa9+");
    // Not hex, cut off, NUL, line break, DEL; then by RFC 3629: a lone continuation byte, an
    // overlong slash, a surrogate, above U+10FFFF, a character cut short.
    for (const std::string text : {"%", "%2", "%zz", "%+1", "% 1", "%00", "%0a", "%7f", "%80",
                                   "%c0%af", "%ed%a0%80", "%f4%90%80%80", "%e2%82"}) {
        EXPECT_FALSE(percent_decode(text)) << text;
    }
}

TEST(Uri, PathTricksAreNoPaths) {
    EXPECT_THAT(*path_segments("/a/b%20c"), ElementsAre("a", "b c"));
    EXPECT_THAT(*path_segments("/"), testing::IsEmpty());
    EXPECT_THAT(*path_segments("/a/"), ElementsAre("a", ""));
    for (const std::string text : {"/..", "/a/../b", "/a/./b", "/%2e%2e/b", "/.%2E", "//", "//a",
                                   "/a//b", "/a%2f..%2fb", "/a%5cb", "/a\\b", "/%00", "a", ""}) {
        EXPECT_FALSE(path_segments(text)) << text;
    }
}

TEST(Uri, QueriesArePairsInOrder) {
    EXPECT_THAT(
        *query_pairs("a=1&b&c=%3D&a=2&&=x"),
        ElementsAre(Pair("a", "1"), Pair("b", ""), Pair("c", "="), Pair("a", "2"), Pair("", "x")));
    // A plus is a plus: 01:00+02:00 must not turn into a blank.
    EXPECT_THAT(*query_pairs("t=01:00+02:00"), ElementsAre(Pair("t", "01:00+02:00")));
    EXPECT_FALSE(query_pairs("a=%"));
}

TEST(Uri, APrefixEndsAtASegment) {
    EXPECT_TRUE(path_under("/api", "/api"));
    EXPECT_TRUE(path_under("/api/v1", "/api/"));
    EXPECT_FALSE(path_under("/apis", "/api"));
    EXPECT_TRUE(path_under("/x", "/"));
}

}  // namespace
}  // namespace hashprice::service::http
