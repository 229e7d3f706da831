#include "ingest/transport/conditional.hpp"

#include <gtest/gtest.h>

#include <deque>

namespace hashprice::ingest {
namespace {

using domain::Result;

/// Answers what it is told to, and writes down what it was asked.
class Scripted final : public HttpTransport {
public:
    Result<HttpResponse> send(const HttpRequest& request, const std::stop_token&) override {
        asked.push_back(request);
        HttpResponse answer = answers.front();
        if (answers.size() > 1) answers.pop_front();
        return answer;
    }
    std::string header(std::size_t n, const std::string& name) const {
        for (const auto& [key, value] : asked.at(n).headers) {
            if (key == name) return value;
        }
        return "none";
    }
    std::deque<HttpResponse> answers;
    std::vector<HttpRequest> asked;
};

class Conditional : public testing::Test {
protected:
    HttpResponse get(const std::string& url = "http://a.test/x") {
        return transport.send({.url = url}, {}).value();
    }
    Scripted below;
    ConditionalTransport transport{below};
};

TEST_F(Conditional, WhatHasNotChangedIsNotSentAgainAndReadsTheSame) {
    below.answers = {{200, "first", {{"etag", "W/\"1\""}}},
                     {304, "", {{"etag", "W/\"1\""}}},
                     {200, "second", {{"etag", "W/\"2\""}}},
                     {304, "", {}}};

    EXPECT_EQ(get().body, "first");
    const HttpResponse again = get();
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(again.body, "first");
    EXPECT_EQ(get().body, "second");
    EXPECT_EQ(get().body, "second");

    EXPECT_EQ(below.header(0, "If-None-Match"), "none");
    EXPECT_EQ(below.header(1, "If-None-Match"), "W/\"1\"");
    EXPECT_EQ(below.header(3, "If-None-Match"), "W/\"2\"");
}

TEST_F(Conditional, ATimeOfChangeServesAsWell) {
    below.answers = {{200, "old", {{"last-modified", "Sat, 15 Nov 2025 00:00:00 GMT"}}},
                     {304, "", {}}};
    EXPECT_EQ(get().body, "old");
    EXPECT_EQ(get().body, "old");
    EXPECT_EQ(below.header(1, "If-Modified-Since"), "Sat, 15 Nov 2025 00:00:00 GMT");
}

TEST_F(Conditional, WhoeverMarksNothingIsAskedAsEver) {
    below.answers = {{200, "a", {}}, {200, "b", {}}};
    EXPECT_EQ(get().body, "a");
    EXPECT_EQ(get().body, "b");
    EXPECT_TRUE(below.asked[1].headers.empty());
}

TEST_F(Conditional, A304ThatNobodyAskedForStaysOne) {
    below.answers = {{304, "", {}}};
    EXPECT_EQ(get().status, 304);
}

TEST_F(Conditional, AFailureBetweenForgetsNothingAndIsNotHidden) {
    below.answers = {{200, "a", {{"etag", "1"}}}, {503, "down", {}}, {304, "", {}}};
    EXPECT_EQ(get().body, "a");
    EXPECT_EQ(get().status, 503);
    EXPECT_EQ(get().body, "a");
}

TEST_F(Conditional, OnlySomeSmallAnswersAreKept) {
    below.answers = {{200, "a", {{"etag", "1"}}}};
    for (int n = 0; n < 9; ++n) get("http://a.test/" + std::to_string(n));
    get("http://a.test/8");
    EXPECT_EQ(below.header(9, "If-None-Match"), "1");
    get("http://a.test/0");
    EXPECT_EQ(below.header(10, "If-None-Match"), "none") << "the oldest of nine";

    below.answers = {{200, std::string(100'000, ' '), {{"etag", "big"}}}};
    get("http://a.test/big");
    get("http://a.test/big");
    EXPECT_EQ(below.header(12, "If-None-Match"), "none");
}

TEST_F(Conditional, APostIsNeverConditional) {
    below.answers = {{200, "a", {{"etag", "1"}}}};
    for (int n = 0; n < 2; ++n) {
        ASSERT_TRUE(transport.send({.method = HttpMethod::post, .url = "http://a.test/"}, {}));
    }
    EXPECT_TRUE(below.asked[1].headers.empty());
}

}  // namespace
}  // namespace hashprice::ingest
