#include "service/http/route.hpp"

#include <algorithm>
#include <set>

#include "service/http/params.hpp"
#include "service/http/uri.hpp"

namespace hashprice::service::http {
namespace {

using domain::Errc;
using domain::fail;

bool is_name(std::string_view segment) {
    return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

std::set<std::string> names_in(const std::vector<std::string>& segments) {
    std::set<std::string> names;
    for (const std::string& segment : segments) {
        if (is_name(segment)) names.insert(segment.substr(1, segment.size() - 2));
    }
    return names;
}

domain::Status check_parameters(const Route& route, std::set<std::string> in_pattern) {
    std::set<std::string> seen;
    for (const Param& param : route.parameters) {
        const std::string where = route.pattern + ": parameter " + param.name;
        if (param.name.empty() || !seen.insert(param.name).second) {
            return fail(Errc::usage, where + " has no name of its own");
        }
        if (param.in == In::path && in_pattern.erase(param.name) == 0) {
            return fail(Errc::usage, where + " does not stand in the pattern");
        }
        if (param.kind == Kind::enumeration && param.choices.empty()) {
            return fail(Errc::usage, where + " has nothing to choose from");
        }
        if (param.default_text.empty()) continue;
        const auto value = parse_value(param, param.default_text, domain::kGenesisTime);
        if (!value) return fail(Errc::usage, where + ": the default: " + value.error().what);
    }
    if (!in_pattern.empty()) {
        return fail(Errc::usage, route.pattern + ": {" + *in_pattern.begin() + "} is not declared");
    }
    return {};
}

bool fits(const std::vector<std::string>& pattern, const std::vector<std::string>& segments) {
    return std::equal(pattern.begin(), pattern.end(), segments.begin(), segments.end(),
                      [](const std::string& expected, const std::string& given) {
                          return is_name(expected) ? !given.empty() : expected == given;
                      });
}

std::string joined(const std::vector<std::string>& segments) {
    std::string path;
    for (const std::string& segment : segments) path += "/" + segment;
    return path.empty() ? "/" : path;
}

}  // namespace

domain::Status RouteTable::add(Route route) {
    const auto segments = path_segments(route.pattern);
    if (!segments) return fail(Errc::usage, route.pattern + " is no path");
    if (!route.handler || route.operation_id.empty() || route.now_grid < domain::seconds{1}) {
        return fail(Errc::usage, route.pattern + " lacks a handler, an operation id or a grid");
    }
    const auto same = [&](const Route& other) {
        return other.pattern == route.pattern || other.operation_id == route.operation_id;
    };
    if (std::any_of(routes_.begin(), routes_.end(), same)) {
        return fail(Errc::usage, route.pattern + " or " + route.operation_id + " stands twice");
    }
    const std::set<std::string> names = names_in(*segments);
    if (auto checked = check_parameters(route, names); !checked) return checked;

    if (names.empty()) {
        literal_.emplace(route.pattern, routes_.size());
    } else {
        patterns_.push_back({*segments, routes_.size()});
    }
    routes_.push_back(std::move(route));
    return {};
}

domain::Result<std::optional<RouteTable::Match>> RouteTable::match(std::string_view path) const {
    if (const auto plain = literal_.find(path); plain != literal_.end()) {
        return Match{&routes_[plain->second], plain->second, {}};
    }
    const auto segments = path_segments(path);
    if (!segments) return fail(Errc::usage, "the path is malformed");
    if (const auto spelled = literal_.find(joined(*segments)); spelled != literal_.end()) {
        return Match{&routes_[spelled->second], spelled->second, {}};
    }
    for (const Pattern& pattern : patterns_) {
        if (!fits(pattern.segments, *segments)) continue;
        Match match{&routes_[pattern.index], pattern.index, {}};
        for (std::size_t i = 0; i < segments->size(); ++i) {
            if (is_name(pattern.segments[i])) match.path_values.push_back((*segments)[i]);
        }
        return match;
    }
    return std::nullopt;
}

}  // namespace hashprice::service::http
