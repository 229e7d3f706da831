#pragma once
#include <gtest/gtest.h>
#include <simdjson.h>

#include <string>
#include <string_view>

namespace hashprice::test {

/// An answer's JSON, asked by pointer: "/rules/0/state". What is not there fails the test.
class JsonAnswer {
public:
    explicit JsonAnswer(const std::string& text) {
        if (parser_.parse(text).get(root_) == simdjson::SUCCESS) return;
        ADD_FAILURE() << "no JSON: " << text;
        root_ = parser_.parse(std::string("null"));
    }
    [[nodiscard]] double number(std::string_view pointer) const {
        double value = 0;
        EXPECT_EQ(at(pointer).get(value), simdjson::SUCCESS) << pointer;
        return value;
    }
    [[nodiscard]] std::string text(std::string_view pointer) const {
        std::string_view value;
        EXPECT_EQ(at(pointer).get(value), simdjson::SUCCESS) << pointer;
        return std::string(value);
    }
    [[nodiscard]] bool flag(std::string_view pointer) const {
        bool value = false;
        EXPECT_EQ(at(pointer).get(value), simdjson::SUCCESS) << pointer;
        return value;
    }
    [[nodiscard]] bool is_null(std::string_view pointer) const {
        simdjson::dom::element found;
        EXPECT_EQ(at(pointer).get(found), simdjson::SUCCESS) << pointer;
        return found.is_null();
    }
    [[nodiscard]] std::size_t size(std::string_view pointer) const {
        simdjson::dom::array found;
        EXPECT_EQ(at(pointer).get(found), simdjson::SUCCESS) << pointer;
        return found.size();
    }

private:
    [[nodiscard]] simdjson::simdjson_result<simdjson::dom::element> at(
        std::string_view pointer) const {
        return root_.at_pointer(pointer);
    }
    simdjson::dom::parser parser_;
    simdjson::dom::element root_;
};

}  // namespace hashprice::test
