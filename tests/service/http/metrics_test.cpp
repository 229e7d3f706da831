#include "service/http/metrics.hpp"

#include <gmock/gmock.h>

#include <limits>

#include "tests/service/http/fixture.hpp"

namespace hashprice::service::http::test {
namespace {

using testing::HasSubstr;

// Expected texts follow prometheus.io/docs/instrumenting/exposition_formats ("Text format
// details").

TEST(Metrics, AreWrittenWithHelpTypeAndLabels) {
    Registry registry;
    registry.counter("requests_total", "All requests.", {{"code", "200"}}).add(3);
    registry.counter("requests_total", "All requests.", {{"code", "404"}}).add();
    registry.gauge("height", "Tip.").set(924'778);

    EXPECT_EQ(registry.text(),
              "# HELP requests_total All requests.\n"
              "# TYPE requests_total counter\n"
              "requests_total{code=\"200\"} 3\n"
              "requests_total{code=\"404\"} 1\n"
              "# HELP height Tip.\n"
              "# TYPE height gauge\n"
              "height 924778\n");
}

TEST(Metrics, EscapeWhatTheFormatReserves) {
    Registry registry;
    registry.gauge("g", "a\\b\n\"c\"", {{"l", "a\\b\n\"c\""}}).set(1);
    EXPECT_THAT(registry.text(), HasSubstr("# HELP g a\\\\b\\n\"c\"\n"));
    EXPECT_THAT(registry.text(), HasSubstr("g{l=\"a\\\\b\\n\\\"c\\\"\"} 1\n"));
}

TEST(Metrics, NumbersRoundTripAndTheOddOnesHaveNames) {
    Exposition out;
    out.family("g", MetricType::gauge, "x");
    out.sample(0.1 + 0.2, {{"n", "1"}});  // needs all 17 digits
    out.sample(std::numeric_limits<double>::quiet_NaN(), {{"n", "2"}});
    out.sample(std::numeric_limits<double>::infinity(), {{"n", "3"}});
    out.sample(-std::numeric_limits<double>::infinity(), {{"n", "4"}});
    const std::string text = out.take();
    EXPECT_THAT(text, HasSubstr("g{n=\"1\"} 0.30000000000000004\n"));
    EXPECT_THAT(text, HasSubstr("g{n=\"2\"} NaN\n"));
    EXPECT_THAT(text, HasSubstr("g{n=\"3\"} +Inf\n"));
    EXPECT_THAT(text, HasSubstr("g{n=\"4\"} -Inf\n"));
}

TEST(Metrics, AHistogramCountsUpToEachBoundAndInAll) {
    Registry registry;
    Histogram& histogram = registry.histogram("h", "x", {0.1, 1}, {{"route", "r"}});
    for (const double value : {0.05, 0.1, 0.5, 7.0}) histogram.observe(value);
    EXPECT_THAT(registry.text(), HasSubstr("h_bucket{route=\"r\",le=\"0.1\"} 2\n"
                                           "h_bucket{route=\"r\",le=\"1\"} 3\n"
                                           "h_bucket{route=\"r\",le=\"+Inf\"} 4\n"
                                           "h_sum{route=\"r\"} 7.65\n"
                                           "h_count{route=\"r\"} 4\n"));
}

TEST(Metrics, CollectorsAreAskedAtEveryScrape) {
    Registry registry;
    int scrapes = 0;
    registry.add_collector([&scrapes](Exposition& out) {
        out.family("scrapes", MetricType::gauge, "x");
        out.sample(++scrapes);
    });
    EXPECT_THAT(registry.text(), HasSubstr("scrapes 1\n"));
    EXPECT_THAT(registry.text(), HasSubstr("scrapes 2\n"));
}

TEST(Metrics, TheSameMetricTwiceIsOneAndTwoMeaningsAreABug) {
    Registry registry;
    Counter& first = registry.counter("a_total", "x", {{"l", "1"}});
    EXPECT_EQ(&first, &registry.counter("a_total", "x", {{"l", "1"}}));
    EXPECT_NE(&first, &registry.counter("a_total", "x", {{"l", "2"}}));
    EXPECT_THROW(registry.gauge("a_total", "x"), std::logic_error);
    EXPECT_THROW(registry.counter("a_total", "y"), std::logic_error);
}

TEST(Metrics, CountFromManyThreads) {
    Registry registry;
    {
        std::vector<std::jthread> threads;
        threads.reserve(4);
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([&registry] {
                for (int i = 0; i < 1'000; ++i) {
                    registry.counter("c_total", "x").add();
                    registry.histogram("h", "x", {1}).observe(0.5);
                }
            });
        }
    }
    EXPECT_THAT(registry.text(), HasSubstr("c_total 4000\n"));
    EXPECT_THAT(registry.text(), HasSubstr("h_sum 2000\nh_count 4000\n"));
}

class HttpMetrics : public HttpTest {};

TEST_F(HttpMetrics, TheServerCountsByRouteAndStatus) {
    Registry registry;
    options.metrics = &registry;
    add_text("/x", "[]");
    Route& metrics = add("/metrics", [&](const Request&) -> domain::Result<Response> {
        return ok(registry.text(), std::string(Registry::kMediaType));
    });
    metrics.caching = Caching::none;
    start();
    const std::string tag = ask("/x").header("etag");
    ask("/x?unknown=1");
    ask("/x", "If-None-Match: " + tag + "\r\n");
    ask("/x");
    ask("/nowhere");

    Answer answer;
    ASSERT_TRUE(eventually([&] {
        answer = ask("/metrics");
        return answer.body.find("{route=\"none\",code=\"404\"} 1\n") != std::string::npos;
    }));
    EXPECT_EQ(answer.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    for (const std::string line :
         {"hashprice_http_requests_total{route=\"op0\",code=\"200\"} 2\n",
          "hashprice_http_requests_total{route=\"op0\",code=\"304\"} 1\n",
          "hashprice_http_requests_total{route=\"op0\",code=\"400\"} 1\n",
          "hashprice_http_request_duration_seconds_count{route=\"op0\"} 4\n",
          "# TYPE hashprice_http_request_duration_seconds histogram\n"}) {
        EXPECT_THAT(answer.body, HasSubstr(line));
    }
    server->stop();
}

}  // namespace
}  // namespace hashprice::service::http::test
