#include "service/http/params.hpp"

#include <gmock/gmock.h>

namespace hashprice::service::http {
namespace {

using testing::HasSubstr;

constexpr domain::UtcSeconds kNow =
    domain::utc(1'763'164'800);  // 2025-11-15T00:00:00Z (date -u -d)

domain::Result<Response> nothing(const Request& /*request*/) { return ok("{}"); }

Route route_with(std::vector<Param> parameters) {
    Route route;
    route.pattern = "/x";
    route.operation_id = "x";
    route.parameters = std::move(parameters);
    route.handler = nothing;
    return route;
}

const Route& everything() {
    static const Route route = route_with(
        {{.name = "step", .kind = Kind::enumeration, .choices = {"1h", "1d"}, .default_text = "1h"},
         {.name = "max_points", .kind = Kind::integer, .min = 1, .max = 10'000},
         {.name = "power", .kind = Kind::number, .min = 0, .max = 1e6},
         {.name = "from", .kind = Kind::time, .default_text = "-1d"},
         {.name = "at", .kind = Kind::instant},
         {.name = "name", .kind = Kind::string, .max_length = 5},
         {.name = "all", .kind = Kind::boolean},
         {.name = "fields", .kind = Kind::list, .choices = {"mean", "open", "close"}}});
    return route;
}

TEST(Params, EachKindIsReadAndDefaultsAreFilledIn) {
    const auto values = parse_parameters(
        everything(), {},
        "max_points=15&power=6e1&at=2025-11-14&name=h%C3%A9&all=true&fields=close,mean", kNow);

    ASSERT_TRUE(values) << values.error().detail;
    EXPECT_EQ(std::get<std::string>((*values)[0]), "1h");
    EXPECT_EQ(std::get<std::int64_t>((*values)[1]), 15);
    EXPECT_EQ(std::get<double>((*values)[2]), 60.0);
    EXPECT_EQ(std::get<domain::UtcSeconds>((*values)[3]), kNow - domain::kDay);
    EXPECT_EQ(std::get<domain::UtcSeconds>((*values)[4]), kNow);  // that day's 24:00
    EXPECT_EQ(std::get<std::string>((*values)[5]), "h\xc3\xa9");
    EXPECT_TRUE(std::get<bool>((*values)[6]));
    EXPECT_EQ(std::get<std::vector<std::string>>((*values)[7]),
              (std::vector<std::string>{"close", "mean"}));
}

TEST(Params, WhatIsNotGivenIsAbsent) {
    const auto values = parse_parameters(everything(), {}, "", kNow);
    ASSERT_TRUE(values);
    EXPECT_TRUE(std::holds_alternative<std::monostate>((*values)[1]));
    EXPECT_TRUE(std::holds_alternative<std::monostate>((*values)[7]));
}

struct Bad {
    std::string query;
    std::string parameter;
    std::string detail;  // a part of it
};

TEST(Params, EveryWrongShapeIsRefusedByName) {
    const std::vector<Bad> cases = {
        {"stepp=1h", "stepp", "not a parameter"},
        {"=1", "", "not a parameter"},
        {"step=1h&step=1h", "step", "twice"},
        {"step=2h", "step", "none of 1h, 1d"},
        {"step=", "step", "none of"},
        {"max_points=0", "max_points", "below 1"},
        {"max_points=10001", "max_points", "above 10000"},
        {"max_points=99999999999999999999", "max_points", "too large"},
        {"max_points=1.5", "max_points", "whole number"},
        {"max_points=+1", "max_points", "whole number"},
        {"max_points=%201", "max_points", "whole number"},
        {"max_points=0x10", "max_points", "whole number"},
        {"power=nan", "power", "finite"},
        {"power=inf", "power", "finite"},
        {"power=1e999", "power", "too large"},
        {"power=-1", "power", "below 0"},
        {"power=1,5", "power", "not a number"},
        {"from=yesterday", "from", "no time"},
        {"from=", "from", "no time"},
        {"at=1763164800000", "at", "no time"},  // milliseconds
        {"name=", "name", "empty"},
        {"name=123456", "name", "longer than 5"},
        {"all=1", "all", "neither true nor false"},
        {"fields=", "fields", "empty item"},
        {"fields=mean,", "fields", "empty item"},
        {"fields=mean,mean", "fields", "twice"},
        {"fields=mean,sum", "fields", "none of"},
        {"step=%zz", "", "percent escape"},
    };
    for (const Bad& bad : cases) {
        SCOPED_TRACE(bad.query);
        const auto values = parse_parameters(everything(), {}, bad.query, kNow);
        ASSERT_FALSE(values);
        EXPECT_EQ(values.error().status, 400);
        EXPECT_EQ(values.error().parameter, bad.parameter);
        EXPECT_THAT(values.error().detail, HasSubstr(bad.detail));
    }
}

TEST(Params, ALongWrongTextIsNotSaidBackWhole) {
    const auto values = parse_parameters(everything(), {}, "step=" + std::string(3'000, 'z'), kNow);
    ASSERT_FALSE(values);
    EXPECT_LT(values.error().detail.size(), 200U);
}

TEST(Params, ARequiredOneMayNotBeMissing) {
    const Route route = route_with({{.name = "to", .kind = Kind::time, .required = true}});
    const auto values = parse_parameters(route, {}, "", kNow);
    ASSERT_FALSE(values);
    EXPECT_EQ(values.error().parameter, "to");
    EXPECT_THAT(values.error().detail, HasSubstr("required"));
}

TEST(Params, NowIsRoundedUpToTheGridSoThatTheSameQuestionRepeats) {
    Route route = route_with({{.name = "to", .kind = Kind::time, .default_text = "now"}});
    route.now_grid = domain::kMinute;
    const auto at = [&route](int s) {
        return std::get<domain::UtcSeconds>(
            parse_parameters(route, {}, "", kNow + domain::seconds{s})->front());
    };
    EXPECT_EQ(at(0), kNow);
    EXPECT_EQ(at(1), kNow + domain::kMinute);
    EXPECT_EQ(at(60), kNow + domain::kMinute);
}

TEST(Params, TheSameQuestionHasOneCanonicalSpelling) {
    const auto key = [](const std::string& query) {
        std::string text;
        append_canonical(text, *parse_parameters(everything(), {}, query, kNow));
        return text;
    };
    EXPECT_EQ(key("max_points=5&step=1d"), key("step=%31d&max_points=005"));
    EXPECT_EQ(key("from=-1d"), key("from=2025-11-14T00:00:00Z"));
    EXPECT_EQ(key(""), key("step=1h"));
    EXPECT_NE(key("max_points=5"), key("max_points=6"));
    EXPECT_NE(key("name=5"), key("max_points=5"));
    EXPECT_NE(key("fields=mean,open"), key("fields=open,mean"));
}

TEST(RouteTable, FindsLiteralsBeforePatternsAndReadsTheNames) {
    RouteTable table;
    Route named = route_with({{.name = "id", .kind = Kind::integer, .in = In::path}});
    named.pattern = "/declines/{id}";
    named.operation_id = "one";
    ASSERT_TRUE(table.add(named));
    Route literal = route_with({});
    literal.pattern = "/declines/open";
    ASSERT_TRUE(table.add(literal));

    EXPECT_EQ((*table.match("/declines/open"))->route->operation_id, "x");
    EXPECT_EQ((*table.match("/declines/%6fpen"))->route->operation_id, "x");
    const auto one = table.match("/declines/42");
    EXPECT_EQ((*one)->route->operation_id, "one");
    EXPECT_EQ((*one)->path_values, std::vector<std::string>{"42"});
    for (const std::string path : {"/declines", "/declines/", "/declines/42/x", "/Declines/42"}) {
        EXPECT_FALSE(*table.match(path)) << path;
    }
    EXPECT_FALSE(table.match("/declines/../declines/42"));
}

TEST(RouteTable, RefusesWhatCannotWork) {
    const auto refused = [](const std::function<void(Route&)>& spoil) {
        RouteTable table;
        Route good = route_with({{.name = "n", .kind = Kind::integer, .default_text = "1"}});
        EXPECT_TRUE(table.add(good));
        Route bad = good;
        bad.pattern = "/y";
        bad.operation_id = "y";
        spoil(bad);
        return !table.add(bad);
    };
    EXPECT_FALSE(refused([](Route&) {}));
    EXPECT_TRUE(refused([](Route& r) { r.pattern = "/x"; }));
    EXPECT_TRUE(refused([](Route& r) { r.operation_id = "x"; }));
    EXPECT_TRUE(refused([](Route& r) { r.pattern = "y"; }));
    EXPECT_TRUE(refused([](Route& r) { r.pattern = "/y/{id}"; }));
    EXPECT_TRUE(refused([](Route& r) { r.handler = nullptr; }));
    EXPECT_TRUE(refused([](Route& r) { r.parameters[0].default_text = "one"; }));
    EXPECT_TRUE(refused([](Route& r) { r.parameters.push_back(r.parameters[0]); }));
    EXPECT_TRUE(refused([](Route& r) { r.parameters[0].in = In::path; }));
    EXPECT_TRUE(refused([](Route& r) { r.parameters[0].kind = Kind::enumeration; }));
}

}  // namespace
}  // namespace hashprice::service::http
