#include "service/answers/source_event.hpp"

#include "service/answers/json.hpp"

namespace hashprice::service::answers {

std::string source_change_json(const SourceChange& change) {
    return json_text([&](Json& json) {
        object(json, [&] {
            put(json, "source", change.source);
            put(json, "up", change.up);
            put(json, "reason", change.up ? std::nullopt : std::optional(change.reason));
            put_time(json, "time", change.at);
        });
    });
}

}  // namespace hashprice::service::answers
