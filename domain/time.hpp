#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/result.hpp"

namespace hashprice::domain {

using UtcSeconds = std::chrono::sys_seconds;  ///< UTC without leap seconds, as in block headers
using std::chrono::seconds;

constexpr seconds kMinute{60};
constexpr seconds kHour{3600};
constexpr seconds kDay{86400};
constexpr UtcSeconds kGenesisTime{seconds{1231006505}};  // header time of block 0

constexpr UtcSeconds utc(std::int64_t unix_s) { return UtcSeconds{seconds{unix_s}}; }
constexpr std::int64_t unix_s(UtcSeconds t) { return t.time_since_epoch().count(); }

/// Half-open [from, to).
struct Range {
    UtcSeconds from{};
    UtcSeconds to{};
    [[nodiscard]] constexpr bool empty() const { return to <= from; }
    friend constexpr bool operator==(const Range&, const Range&) = default;
};

/// A time as a person wrote it; a bare date still has to be told which end of the day is meant.
struct WrittenTime {
    UtcSeconds at{};  ///< a bare date: 00:00 UTC of that day
    bool bare_date = false;
};

/// RFC 3339 ("2025-11-15T00:00:00Z", with offset or fraction), a date, unix seconds, "now", "-30d",
/// "now-6h".
///
///   shape   pure: `now` is handed in
///   units   relative: s, m, h, d, w; a fraction of a second is cut off
///   errors  anything else, milliseconds included, or a time outside 1970..2199 -> Errc::usage
Result<WrittenTime> parse_time(std::string_view text, UtcSeconds now);

/// As the end of a range: a bare date is 00:00 UTC.
Result<UtcSeconds> parse_range_end(std::string_view text, UtcSeconds now);

/// As one instant: a bare date is that day's close, 24:00 UTC.
Result<UtcSeconds> parse_instant(std::string_view text, UtcSeconds now);

/// "90s", "5m", "1h", "400d", "2w", or "0".   errors  anything else, or negative -> Errc::usage
Result<seconds> parse_duration(std::string_view text);

std::string format_time(UtcSeconds t);   ///< 2025-11-15T00:00:00Z
std::string format_date(UtcSeconds t);   ///< 2025-11-15
std::string format_duration(seconds s);  ///< the largest unit that divides it: 90s, 5m, 400d
std::string format_age(seconds s);       ///< for people, rounded down: "3 d 4 h", "12 min", "40 s"

/// The length of a bar; `raw` is no bar but the observations themselves.
enum class Step { raw, hour, six_hours, day, week, month };

Result<Step> parse_step(std::string_view text);  ///< raw, 1h, 6h, 1d, 1w, 1mo; else Errc::usage
std::string_view step_name(Step step);
/// Nominal length: a month counts 30 days, raw 0.
seconds step_length(Step step);
/// Start of the bar that holds instant t (start < t <= start + step): weeks from Monday, months by
/// the calendar.
UtcSeconds bar_start(Step step, UtcSeconds t);
/// Start of the bar after the one that starts at `start`.
UtcSeconds next_bar(Step step, UtcSeconds start);

}  // namespace hashprice::domain
