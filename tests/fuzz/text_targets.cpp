#include <algorithm>

#include "config/listen.hpp"
#include "config/url.hpp"
#include "domain/time.hpp"
#include "ingest/transport/retry_after.hpp"
#include "ingest/transport/url.hpp"
#include "tests/fuzz/target.hpp"

namespace hashprice::fuzz {
namespace {

using domain::UtcSeconds;

const UtcSeconds kNow = domain::utc(1'764'547'200);   // 2025-12-01T00:00:00Z
const UtcSeconds kLast = domain::utc(7'258'118'400);  // 2200-01-01T00:00:00Z

void time(std::string_view text) {
    const auto written = domain::parse_time(text, kNow);
    const auto end = domain::parse_range_end(text, kNow);
    const auto instant = domain::parse_instant(text, kNow);
    must(written.has_value() == end.has_value(), "a time is a range's end, and nothing else is");
    if (!written) {
        must(written.error().code == domain::Errc::usage, "no time is a mistake in usage");
        must(written.error().what.size() < 400, "a refusal is short");
        return;
    }
    must(written->at >= domain::utc(0) && written->at < kLast, "times are of 1970 to 2199");
    must(*end == written->at, "a range's end is the time as it is written");
    must(!instant ||
             *instant == written->at + (written->bare_date ? domain::kDay : domain::seconds{0}),
         "an instant is the time, or the day's close");
    const auto again = domain::parse_time(domain::format_time(written->at), kNow);
    must(again && again->at == written->at && !again->bare_date, "what is printed can be read");
    for (const domain::Step step : {domain::Step::hour, domain::Step::six_hours, domain::Step::day,
                                    domain::Step::week, domain::Step::month}) {
        const UtcSeconds start = domain::bar_start(step, written->at);
        const UtcSeconds next = domain::next_bar(step, start);
        must(start < written->at && written->at <= next, "a bar holds its instant");
        must(domain::bar_start(step, next) == start, "a bar's end belongs to it");
    }
}

void duration(std::string_view text) {
    const auto length = domain::parse_duration(text);
    if (!length) {
        must(length.error().code == domain::Errc::usage, "no duration is a mistake in usage");
        return;
    }
    must(length->count() >= 0, "durations are not negative");
    const auto again = domain::parse_duration(domain::format_duration(*length));
    must(again && *again == *length, "what is printed can be read");
    must(!domain::format_age(*length).empty(), "every age has words");
}

/// Two times with a blank between them.
void range(std::string_view text) {
    const std::size_t blank = std::min(text.find(' '), text.size());
    const auto from = domain::parse_range_end(text.substr(0, blank), kNow);
    const auto to = domain::parse_range_end(text.substr(std::min(blank + 1, text.size())), kNow);
    if (!from || !to) return;
    const domain::Range range{*from, *to};
    must(range.empty() == (*to <= *from), "a range is empty when its end is not after its start");
    must(domain::format_age(*to - *from).size() < 40, "every length has words");
}

void small_words(std::string_view text) {
    const auto step = domain::parse_step(text);
    must(!step || domain::step_name(*step) == text, "a step is spelled in one way");
    const auto wait = ingest::parse_retry_after(text, kNow);
    must(!wait || (wait->count() >= 0 && *wait <= 7 * domain::kDay), "waits are 0 to 7 days");
    const auto listen = config::parse_listen(text);
    must(!listen || !listen->host.empty(), "a listen address has a host");
    const std::string host = ingest::host_of(text);
    must(host.find('@') == std::string::npos, "credentials are no part of the host");
    for (const char c : ingest::url_encoded(text)) {
        must(c > ' ' && c < 0x7f && c != '&' && c != '#', "a query value needs no escape");
    }
    for (const config::Form form :
         {config::Form::url, config::Form::base_url, config::Form::proxy, config::Form::origin}) {
        (void)config::check_url(form, text);
    }
}

const std::vector<std::string> kTimes{"2025-11-15T00:00:00Z",
                                      "2025-11-15T01:30:00.25+01:30",
                                      "2025-11-15",
                                      "1763164800",
                                      "now",
                                      "-30d",
                                      "now-6h",
                                      "-400d",
                                      "2024-02-29",
                                      "2024-02-30",
                                      "1970-01-01",
                                      "2199-12-31T23:59:60Z",
                                      "1763164800000",
                                      "+5m",
                                      "-1w",
                                      "0",
                                      "2025-11-15t00:00:00z",
                                      "2025-11-15 00:00:00"};

}  // namespace

std::vector<Target> text_targets() {
    const std::vector<std::string> pieces{
        "now",      "-", "+", "d", "w",  "h",  "m",
        "s",        "T", "Z", ":", "00", "99", "9223372036854775807",
        "24:00:00", "."};
    return {
        {"time", time, kTimes, pieces, true},
        {"duration",
         duration,
         {"90s", "5m", "1h", "400d", "2w", "0", "-1h", "9223372036854775807w", "1.5h", "0s"},
         pieces,
         true},
        {"range",
         range,
         {"2025-07-01 2025-12-01", "-30d now", "now -30d", "1763164800 2025-11-16T00:00:00Z"},
         pieces,
         true},
        {"small_words",
         small_words,
         {"1h", "1mo", "raw", "120", "Sun, 06 Nov 1994 08:49:37 GMT", "127.0.0.1:8480",
          "[::1]:8480", "https://user:word@api.kraken.com:443/0/public", "socks5h://127.0.0.1:9050",
          "http://[::1]:8332/", "a b&c=d#e"},
         {"://", "[", "]", "@", ":", "/", "%", "?", "65536", "localhost"},
         true},
    };
}

}  // namespace hashprice::fuzz
