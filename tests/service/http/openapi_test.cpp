#include "service/http/openapi.hpp"

#include <gmock/gmock.h>
#include <rapidjson/document.h>
#include <rapidjson/pointer.h>

#include "service/http/schema.hpp"
#include "tests/service/http/fixture.hpp"

namespace hashprice::service::http::test {
namespace {

using testing::HasSubstr;

Route series() {
    Route route;
    route.pattern = "/api/v1/inputs/{input}";
    route.operation_id = "inputs";
    route.summary = "The inputs";
    route.tag = "history";
    route.parameters = {
        {.name = "input", .kind = Kind::enumeration, .choices = {"fees"}, .in = In::path},
        {.name = "from", .kind = Kind::time, .description = "Begin.", .default_text = "-30d"},
        {.name = "max_points", .kind = Kind::integer, .default_text = "1500", .min = 1, .max = 9e4},
        {.name = "power", .kind = Kind::number, .min = 0.5, .example = "60"},
        {.name = "all", .kind = Kind::boolean, .default_text = "false"},
        {.name = "fields", .kind = Kind::list, .choices = {"mean", "low"}, .default_text = "mean"},
    };
    route.contents = {{"application/json", schema::ref("Series"), R"({"points":[]})"},
                      {"text/csv", {}, "time,mean\n"}};
    route.handler = [](const Request&) -> domain::Result<Response> { return ok("{}"); };
    return route;
}

ApiInfo info() {
    ApiInfo info;
    info.version = "1.2.3";
    info.components = {
        {"Series",
         schema::object({{"points", schema::array(schema::nullable(schema::number()))}})}};
    return info;
}

rapidjson::Document document(const ApiInfo& about, Route route = series()) {
    RouteTable table;
    EXPECT_TRUE(table.add(std::move(route)));
    const auto text = openapi_json(table, about);
    EXPECT_TRUE(text) << text.error().what;
    rapidjson::Document parsed;
    EXPECT_FALSE(parsed.Parse(text->data(), text->size()).HasParseError());
    return parsed;
}

std::string at(const rapidjson::Document& parsed, const std::string& pointer) {
    const rapidjson::Value* value = rapidjson::Pointer(pointer.c_str()).Get(parsed);
    if (value == nullptr) return "absent";
    if (value->IsString()) return value->GetString();
    if (value->IsBool()) return value->GetBool() ? "true" : "false";
    if (value->IsInt64()) return std::to_string(value->GetInt64());
    if (value->IsDouble()) return std::to_string(value->GetDouble());
    return "something";
}

// The shapes are those of the OpenAPI Specification 3.0.3, sections 4.7.1 to 4.7.30.
const std::string kGet = "/paths/~1api~1v1~1inputs~1{input}/get";

TEST(OpenApi, DescribesTheParametersAsTheServerChecksThem) {
    const auto parsed = document(info());
    EXPECT_EQ(at(parsed, "/openapi"), "3.0.3");
    EXPECT_EQ(at(parsed, "/info/version"), "1.2.3");
    EXPECT_EQ(at(parsed, "/servers/0/url"), "/");
    EXPECT_EQ(at(parsed, kGet + "/operationId"), "inputs");
    const std::string p = kGet + "/parameters/";
    EXPECT_EQ(at(parsed, p + "0/in"), "path");
    EXPECT_EQ(at(parsed, p + "0/required"), "true");
    EXPECT_EQ(at(parsed, p + "0/schema/enum/0"), "fees");
    EXPECT_EQ(at(parsed, p + "1/in"), "query");
    EXPECT_EQ(at(parsed, p + "1/required"), "false");
    EXPECT_EQ(at(parsed, p + "1/schema/default"), "-30d");
    EXPECT_THAT(at(parsed, p + "1/description"), HasSubstr("00:00 UTC"));
    EXPECT_EQ(at(parsed, p + "2/schema/type"), "integer");
    EXPECT_EQ(at(parsed, p + "2/schema/minimum"), "1");
    EXPECT_EQ(at(parsed, p + "2/schema/maximum"), "90000");
    EXPECT_EQ(at(parsed, p + "2/schema/default"), "1500");
    EXPECT_EQ(at(parsed, p + "3/schema/minimum"), "0.500000");
    EXPECT_EQ(at(parsed, p + "3/schema/maximum"), "absent");
    EXPECT_EQ(at(parsed, p + "3/example"), "60");
    EXPECT_EQ(at(parsed, p + "4/schema/default"), "false");
    EXPECT_EQ(at(parsed, p + "5/explode"), "false");
    EXPECT_EQ(at(parsed, p + "5/schema/items/enum/1"), "low");
    EXPECT_EQ(at(parsed, p + "5/schema/default/0"), "mean");
}

TEST(OpenApi, DescribesEveryAnswer) {
    const auto parsed = document(info());
    const std::string r = kGet + "/responses/";
    EXPECT_EQ(at(parsed, r + "200/content/application~1json/schema/$ref"),
              "#/components/schemas/Series");
    EXPECT_EQ(at(parsed, r + "200/content/application~1json/example/points"), "something");
    EXPECT_EQ(at(parsed, r + "200/content/text~1csv/schema/type"), "string");
    EXPECT_EQ(at(parsed, r + "200/content/text~1csv/example"), "time,mean\n");
    EXPECT_NE(at(parsed, r + "304/description"), "absent");
    for (const std::string status : {"400", "404", "503"}) {
        EXPECT_EQ(at(parsed, r + status + "/content/application~1problem+json/schema/$ref"),
                  "#/components/schemas/Problem");
    }
    EXPECT_EQ(at(parsed, "/components/schemas/Series/properties/points/items/nullable"), "true");
    EXPECT_EQ(at(parsed, "/components/schemas/Problem/additionalProperties"), "false");
    EXPECT_EQ(at(parsed, r + "401/description"), "absent");
    EXPECT_EQ(at(parsed, "/components/securitySchemes"), "absent");
}

TEST(OpenApi, ATokenAndABasePathAreShown) {
    ApiInfo about = info();
    about.token_required = true;
    about.base_path = "/hash";
    const auto parsed = document(about);
    EXPECT_EQ(at(parsed, "/servers/0/url"), "/hash");
    EXPECT_EQ(at(parsed, "/components/securitySchemes/bearer/scheme"), "bearer");
    EXPECT_EQ(at(parsed, kGet + "/security/0/bearer"), "something");
    EXPECT_NE(at(parsed, kGet + "/responses/401/description"), "absent");
}

TEST(OpenApi, ASchemaOrExampleThatIsNotJsonIsNamed) {
    Route broken = series();
    broken.contents[0].example = "{";
    RouteTable table;
    ASSERT_TRUE(table.add(broken));
    const auto text = openapi_json(table, info());
    ASSERT_FALSE(text);
    EXPECT_THAT(text.error().what, HasSubstr("/api/v1/inputs/{input}"));
}

TEST(OpenApi, SchemasAreWhatTheyAreCalled) {
    EXPECT_EQ(schema::nullable(schema::one_of_texts({"a", "b"})),
              R"({"nullable":true,"type":"string","enum":["a","b",null]})");
    const std::string inner = schema::one_of_texts({"a", "b"});
    EXPECT_EQ(schema::nullable(schema::object({{"letter", inner}})).find("null]"),
              std::string::npos)
        << "the object may be null, its letter may not";
    EXPECT_EQ(schema::object({{"a", schema::integer()}}, {{"b", schema::text("a \"word\"")}}),
              R"({"type":"object","additionalProperties":false,"properties":{)"
              R"("a":{"type":"integer"},"b":{"type":"string","description":"a \"word\""}},)"
              R"("required":["a"]})");
}

TEST(OpenApi, EveryKindOfSchemaCarriesItsDescription) {
    EXPECT_EQ(schema::time_text("when"),
              R"({"type":"string","format":"date-time","description":"when"})");
    EXPECT_EQ(schema::nullable(schema::one_of_texts({"a"}, "a letter")),
              R"({"nullable":true,"type":"string","enum":["a",null],"description":"a letter"})");
    EXPECT_EQ(schema::array(schema::text("one"), "all"),
              R"({"type":"array","items":{"type":"string","description":"one"},)"
              R"("description":"all"})");
    EXPECT_EQ(schema::object("a thing", {{"a", schema::integer()}}),
              R"({"type":"object","additionalProperties":false,)"
              R"("properties":{"a":{"type":"integer"}},"required":["a"],"description":"a thing"})");
    EXPECT_EQ(schema::map_of(schema::anything(), "by name"),
              R"({"type":"object","additionalProperties":{},"description":"by name"})");
    EXPECT_EQ(schema::nullable_ref("Thing", "or none"),
              R"({"nullable":true,"allOf":[{"$ref":"#/components/schemas/Thing"}],)"
              R"("description":"or none"})")
        << "beside $ref itself nothing counts";
}

class HttpOpenApi : public HttpTest {};

TEST_F(HttpOpenApi, IsServedFromTheVeryTableItStandsIn) {
    add(series());
    add(openapi_route(info()));
    add_text("/app.js", "", "text/javascript").documented = false;
    start();
    const Answer answer = ask("/openapi.json");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("content-type"), "application/json");
    EXPECT_THAT(answer.body, HasSubstr("\"/api/v1/inputs/{input}\""));
    EXPECT_THAT(answer.body, HasSubstr("\"/openapi.json\""));
    EXPECT_THAT(answer.body, testing::Not(HasSubstr("app.js")));
}

}  // namespace
}  // namespace hashprice::service::http::test
