#include "service/notify/receiver.hpp"

#include <fmt/format.h>

#include "ingest/transport/retry_after.hpp"

namespace hashprice::service::notify {

Outcome outcome_of(const Result<ingest::HttpResponse>& answer, UtcSeconds now) {
    if (!answer) {
        return {.stopped = answer.error().code == domain::Errc::stopped,
                .error = answer.error().what};
    }
    const int status = answer->status;
    if (status >= 200 && status < 300) return {.received = true};
    Outcome outcome{.refused = status == 400 || status == 413 || status == 415 || status == 422,
                    .error = fmt::format("it answered {}", status)};
    const auto asked = answer->headers.find("retry-after");
    if (asked != answer->headers.end())
        outcome.wait = ingest::parse_retry_after(asked->second, now);
    return outcome;
}

}  // namespace hashprice::service::notify
