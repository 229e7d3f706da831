#include <fmt/format.h>

#include "service/answers/inputs.hpp"

namespace hashprice::service::answers {
namespace {

std::string_view name_of(Input input) {
    switch (input) {
        case Input::difficulty:
            return "difficulty";
        case Input::fees:
            return "fees";
        case Input::price:
            break;
    }
    return "price";
}

std::string_view unit_of(Input input) {
    switch (input) {
        case Input::difficulty:
            return "difficulty, EH/s";
        case Input::fees:
            return "sat/block";
        case Input::price:
            break;
    }
    return "USD/BTC";
}

bool counts(std::string_view field) { return field == "blocks" || field == "height"; }

void put_value(Json& json, const std::string& field, const std::optional<double>& value) {
    if (value && counts(field)) {
        put(json, field, static_cast<std::int64_t>(*value));
    } else {
        put(json, field, value);
    }
}

void put_bar(Json& json, const Inputs& inputs, const InputBar& bar) {
    const std::size_t own = inputs.fields.size();
    object(json, [&] {
        put_time(json, "time", bar.time);
        for (std::size_t i = 0; i < own; ++i) put_value(json, inputs.fields[i], bar.values[i]);
        if (inputs.query.input != Input::price) return;
        object(json, "sources", [&] {
            for (std::size_t i = 0; i < inputs.sources.size(); ++i)
                put(json, inputs.sources[i], bar.values[own + i]);
        });
    });
}

}  // namespace

std::string inputs_json(const Inputs& inputs) {
    return json_text([&](Json& json) {
        object(json, [&] {
            put(json, "input", name_of(inputs.query.input));
            put_time(json, "from", inputs.query.range.from);
            put_time(json, "to", inputs.query.range.to);
            put(json, "step", step_name(inputs.step));
            put(json, "step_s", step_length(inputs.step).count());
            put(json, "unit", unit_of(inputs.query.input));
            array(json, "points", [&] {
                for (const InputBar& bar : inputs.bars) put_bar(json, inputs, bar);
            });
        });
    });
}

std::string inputs_csv(const Inputs& inputs) {
    std::string text =
        fmt::format("time,time_s,{}{}{}\n", fmt::join(inputs.fields, ","),
                    inputs.sources.empty() ? "" : ",", fmt::join(inputs.sources, ","));
    for (const InputBar& bar : inputs.bars) {
        text += fmt::format("{},{}", format_time(bar.time), unix_s(bar.time));
        for (const auto& value : bar.values) text += value ? fmt::format(",{}", *value) : ",";
        text += "\n";
    }
    return text;
}

}  // namespace hashprice::service::answers
