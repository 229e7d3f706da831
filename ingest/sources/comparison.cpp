#include "ingest/sources/comparison.hpp"

#include <algorithm>

#include "ingest/sources/json.hpp"
#include "ingest/sources/plausible.hpp"
#include "ingest/transport/url.hpp"

namespace hashprice::ingest {

using domain::Result;
using domain::UtcSeconds;
using Published = std::vector<PublishedHashprice>;

namespace {
// USD per PH and day; in 2011 it was 2e7
constexpr double kLowest = 0.01;
constexpr double kHighest = 1e8;
constexpr double kThPerPh = 1000.0;
constexpr std::size_t kMostRows = 20'000;
}  // namespace

Result<Published> decode_braiins(std::string_view body, UtcSeconds now) {
    return decode_json(body, [now](const Node& root, Verdict&) {
        const double usd = root["hash_price"].number(kLowest / kThPerPh, kHighest / kThPerPh);
        return Published{{now, usd * kThPerPh}};
    });
}

Result<Published> decode_luxor(std::string_view body, UtcSeconds now) {
    return decode_json(body, [now](const Node& root, Verdict&) {
        Published read;
        const Node data = root["data"];
        for (const Node& row : data.rows("data", kMostRows)) {
            read.push_back({row["timestamp"].time_iso(now + kClockLead),
                            row["price"].number(kLowest, kHighest)});
        }
        if (read.empty()) data.refuse(domain::Errc::bad_payload, "is empty");
        std::ranges::sort(read, {}, &PublishedHashprice::time);
        for (std::size_t i = 1; i < read.size(); ++i) {
            if (read[i].time > read[i - 1].time) continue;
            data.refuse(domain::Errc::out_of_range, "has two figures of the same time");
        }
        return read;
    });
}

Result<Published> Braiins::published(Visit& visit) const {
    return fetch(visit, join_url(base_url(), "/api/v1.0/hashrate-stats"),
                 [&](std::string_view body) { return decode_braiins(body, visit.now); });
}

Result<Published> Luxor::published(Visit& visit) const {
    HttpRequest request;
    request.url = join_url(base_url(),
                           "/v1/hashrateindex/hashprice"
                           "?span=1D&bucket=5m&currency=USD&hashunit=PHS");
    request.headers.emplace_back("X-Hi-Api-Key", options().api_key);
    const auto answer = ask(visit, std::move(request));
    if (!answer) return tl::unexpected(answer.error());
    return judged(visit, *answer, decode_luxor(answer->body, visit.now));
}

}  // namespace hashprice::ingest
