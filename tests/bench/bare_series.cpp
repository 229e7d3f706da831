// The least that can write a series anew for each request: bars in memory, numbers by to_chars, one
// microhttpd handler. What `GET /api/v1/hashprice` is held against where no answer can be repeated.
//
//   bare_series DATABASE TABLE STEP_S    serves /?from=S&to=S until stdin ends, its port on stdout
#include <SQLiteCpp/SQLiteCpp.h>
#include <date/date.h>
#include <fmt/compile.h>
#include <fmt/format.h>
#include <microhttpd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "tests/bench/bare_server.hpp"

namespace {

struct Bar {
    std::int64_t start;
    std::array<double, 6> values;  // mean, open, high, low, close, coverage
};

std::vector<Bar> bars_of(const char* file, const std::string& table, double step_s) {
    const SQLite::Database db(file, SQLite::OPEN_READONLY);
    SQLite::Statement row(db,
                          "SELECT start_s, usd_mean, usd_open, usd_high, usd_low, usd_close, "
                          "covered_s FROM " +
                              table + " ORDER BY start_s");
    std::vector<Bar> bars;
    while (row.executeStep()) {
        Bar bar{row.getColumn(0).getInt64(), {}};
        for (int n = 0; n < 6; ++n)
            bar.values.at(static_cast<std::size_t>(n)) = row.getColumn(n + 1).getDouble();
        bar.values[5] /= step_s;
        bars.push_back(bar);
    }
    return bars;
}

void append(std::string& text, double value) {
    std::array<char, 32> room{};
    text.append(room.data(), std::to_chars(room.data(), room.data() + room.size(), value).ptr);
}

void append_time(std::string& text, std::int64_t at) {
    const date::sys_seconds t{std::chrono::seconds{at}};
    const auto midnight = date::floor<date::days>(t);
    const date::year_month_day day{midnight};
    const date::hh_mm_ss clock{t - midnight};
    fmt::format_to(std::back_inserter(text),
                   FMT_COMPILE("\"time\":\"{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z\",\"time_s\":{}"),
                   static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                   static_cast<unsigned>(day.day()), clock.hours().count(), clock.minutes().count(),
                   clock.seconds().count(), at);
}

std::string series(const std::vector<Bar>& bars, std::int64_t from, std::int64_t to) {
    static constexpr std::array kKeys{
        ",\"mean\":", ",\"open\":", ",\"high\":", ",\"low\":", ",\"close\":", ",\"coverage\":"};
    std::string text = "{\"points\":[";
    for (auto bar = std::ranges::lower_bound(bars, from, {}, &Bar::start);
         bar != bars.end() && bar->start < to; ++bar) {
        text += text.back() == '[' ? "{" : ",{";
        append_time(text, bar->start);
        for (std::size_t n = 0; n < kKeys.size(); ++n)
            append(text += kKeys.at(n), bar->values.at(n));
        text += '}';
    }
    return text + "]}";
}

std::int64_t number_of(MHD_Connection* connection, const char* name) {
    const char* const text = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, name);
    return text == nullptr ? 0 : std::strtoll(text, nullptr, 10);
}

// The signature is microhttpd's. NOLINTNEXTLINE(readability-function-size)
MHD_Result answer(void* bars, MHD_Connection* connection, const char* /*url*/,
                  const char* /*method*/, const char* /*version*/, const char* /*upload*/,
                  std::size_t* /*size*/, void** context) {
    static int seen = 0;
    if (*context == nullptr) {  // an answer before the end of the question ends keep-alive
        *context = &seen;
        return MHD_YES;
    }
    auto* const body =
        new std::string(series(*static_cast<const std::vector<Bar>*>(bars),
                               number_of(connection, "from"), number_of(connection, "to")));
    MHD_Response* const response = MHD_create_response_from_buffer_with_free_callback_cls(
        body->size(), body->data(), [](void* owner) { delete static_cast<std::string*>(owner); },
        body);
    MHD_add_response_header(response, "Content-Type", "application/json");
    const MHD_Result queued = MHD_queue_response(connection, 200, response);
    MHD_destroy_response(response);
    return queued;
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 4) {
        std::fputs("usage: bare_series DATABASE TABLE STEP_S\n", stderr);
        return 2;
    }
    std::vector<Bar> bars = bars_of(arguments[1], arguments[2], std::atof(arguments[3]));
    return hashprice::bench::serve_until_stdin_ends(&answer, &bars);
}
