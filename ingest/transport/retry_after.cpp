#include "ingest/transport/retry_after.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace hashprice::ingest {

using domain::seconds;

std::optional<seconds> parse_retry_after(std::string_view value, domain::UtcSeconds now) {
    constexpr seconds kLongest = 7 * domain::kDay;
    const bool digits = !value.empty() && value.size() <= 18 &&
                        std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
    if (digits) {
        std::int64_t wait = 0;
        std::from_chars(value.data(), value.data() + value.size(), wait);
        return std::min(seconds{wait}, kLongest);
    }
    // an HTTP date starts with the day's name; curl's parser would also take much else
    if (value.size() < 20 || value.size() > 40 || value.front() < 'A' || value.front() > 'Z') {
        return std::nullopt;
    }
    const auto date = curl_getdate(std::string(value).c_str(), nullptr);
    if (date < 0) return std::nullopt;
    return std::clamp(domain::utc(date) - now, seconds{0}, kLongest);
}

}  // namespace hashprice::ingest
