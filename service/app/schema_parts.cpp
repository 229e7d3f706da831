#include "service/app/schema_parts.hpp"

namespace hashprice::service::app::schemas {

namespace s = http::schema;

Fields operator+(Fields a, const Fields& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

Fields time(const std::string& key, std::string_view description) {
    return {{key, s::time_text(description)}, {key + "_s", s::time_s()}};
}

Fields maybe_time(const std::string& key, std::string_view description) {
    return {{key, s::nullable(s::time_text(description))}, {key + "_s", s::nullable(s::time_s())}};
}

Fields range() {
    return time("from", "start of the range asked for") + time("to", "its end, not included");
}

Fields stale() {
    return {{"stale", s::boolean("the newest observation is too old, or its chain tip more than "
                                 "3 h older than it, or there is none")},
            {"stale_reason", s::nullable(s::text("for people; null while not stale"))}};
}

std::string degraded() {
    return s::boolean(
        "to be read with care: few price sources, two that disagree, or an old fee window");
}

std::string degraded_reason() {
    return s::nullable(s::text("for people, several with a semicolon; null while not degraded"));
}

Fields hashprice() {
    return {{"usd_per_ph_day", s::number("USD per PH/s and day, before any pool's fee")},
            {"sat_per_ph_day", s::number("satoshi per PH/s and day, before any pool's fee")}};
}

Fields observation() {
    return time("time", "the instant it is as of") + hashprice() +
           Fields{{"price_usd", s::number("USD for one BTC: the index of the price sources")},
                  {"difficulty", s::number("of the tip, in multiples of difficulty 1")},
                  {"height", s::integer("of the tip, the highest block as of then")},
                  {"subsidy_sat", s::integer("satoshi a block, at that height")},
                  {"fee_sat_mean", s::number("satoshi a block, over the fee window")}};
}

Fields maybe(Fields fields) {
    for (auto& [name, schema] : fields) schema = s::nullable(std::move(schema));
    return fields;
}

}  // namespace hashprice::service::app::schemas
