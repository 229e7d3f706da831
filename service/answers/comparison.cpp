#include "service/answers/comparison.hpp"

#include <fmt/format.h>

#include "service/answers/json.hpp"

namespace hashprice::service::answers {

domain::Result<std::vector<storage::Comparison>> comparison(storage::Database& db,
                                                            const domain::Range& range) {
    return storage::comparisons_between(db, range.from, range.to);
}

std::string comparison_json(const std::vector<storage::Comparison>& all) {
    return json_text([&](Json& json) {
        object(json, [&] {
            put(json, "unit", "USD/PH/day");
            array(json, "comparison", [&] {
                for (const storage::Comparison& one : all) {
                    object(json, [&] {
                        put(json, "source", one.source);
                        put_time(json, "time", one.time);
                        put(json, "theirs", one.usd_per_ph_day);
                        put(json, "ours", one.ours_usd_per_ph_day);
                        put_time(json, "ours_time", one.ours_time);
                        put(json, "difference", one.difference());
                        put(json, "ratio", one.ratio());
                    });
                }
            });
        });
    });
}

std::string comparison_line(const storage::Comparison& one) {
    return fmt::format("{} {:.2f}, ours {:.2f} ({:+.1f} %)", one.source, one.usd_per_ph_day,
                       one.ours_usd_per_ph_day, 100 * one.ratio());
}

}  // namespace hashprice::service::answers
