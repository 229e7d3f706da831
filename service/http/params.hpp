#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "service/http/route.hpp"
#include "service/http/uri.hpp"

namespace hashprice::service::http {

/// A parameter that was refused: what the problem answer says.
struct Refusal {
    int status = 400;
    std::string parameter;
    std::string detail;
};

/// One parameter's text to its value, by the rules of `param`.
///
///   shape   pure, the same in every locale
///   errors  usage, worded for the client
domain::Result<Value> parse_value(const Param& param, std::string_view text,
                                  domain::UtcSeconds now);

/// All of a route's parameters, in the route's order: unknown, repeated, missing, malformed and
/// out of bounds are refused by name; defaults are filled in.
tl::expected<std::vector<Value>, Refusal> parse_parameters(
    const Route& route, const std::vector<std::string>& path_values, std::string_view query,
    domain::UtcSeconds now);

/// Appends one spelling for all questions that mean the same: relative times are resolved, numbers
/// normalised, parameters in the route's order.
void append_canonical(std::string& key, const std::vector<Value>& values);

}  // namespace hashprice::service::http
