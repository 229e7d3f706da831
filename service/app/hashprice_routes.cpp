#include "service/app/hashprice_routes.hpp"

#include <fmt/format.h>

#include "service/answers/series_pieces.hpp"
#include "service/app/data_examples.hpp"
#include "service/app/schema_parts.hpp"

namespace hashprice::service::app {
namespace {

using domain::Result;
using domain::Step;
using http::Kind;
using http::Param;
using http::Response;
namespace schema = http::schema;
using schemas::operator+;

// All history by the day is 1.2 MB, a year by the hour 1.7 MB.
constexpr std::size_t kSmall = std::size_t{2} << 20U;
constexpr std::size_t kHead = 512;  ///< what stands around the points
constexpr std::size_t kKeptPieces = 2 * kSmall;
constexpr std::int64_t kMostBuckets = 500'000;  ///< absurd beyond: ten years of hours are 87,600

std::vector<Param> series_parameters() {
    return {{.name = "from",
             .kind = Kind::time,
             .description = "Start of the range.",
             .default_text = "-30d",
             .example = "2025-07-01"},
            {.name = "to",
             .kind = Kind::time,
             .description = "Its end, not included.",
             .default_text = "now",
             .example = "2025-12-01"},
            {.name = "step",
             .kind = Kind::enumeration,
             .description = "Length of a bar; auto is the finest that stays within max_points.",
             .choices = {"auto", "raw", "1h", "6h", "1d", "1w", "1mo"},
             .default_text = "auto"},
            {.name = "denomination",
             .kind = Kind::enumeration,
             .description = "The money.",
             .choices = {"usd", "btc", "sat"},
             .default_text = "usd"},
            {.name = "per",
             .kind = Kind::enumeration,
             .description = "The hash rate: TH/s, PH/s or EH/s.",
             .choices = {"th", "ph", "eh"},
             .default_text = "ph"},
            {.name = "max_points",
             .kind = Kind::integer,
             .description = "For step=auto: how many bars at most; of months there may be more.",
             .default_text = "1500",
             .min = 1,
             .max = 100'000},
            {.name = "as_of",
             .kind = Kind::time,
             .description = "As it was known then; with step=raw only."},
            {.name = "format",
             .kind = Kind::enumeration,
             .description = "json; rows: a flat array; columns: an array a field; csv.",
             .choices = {"json", "rows", "columns", "csv"},
             .default_text = "json"},
            {.name = "fields",
             .kind = Kind::list,
             .description = "Which values of a point; all when left out.",
             .choices = answers::series_fields()}};
}

answers::SeriesQuery series_query(const http::Request& request) {
    answers::SeriesQuery query;
    query.range = {request.time("from"), request.time("to")};
    query.denomination = *answers::parse_denomination(request.text("denomination"));
    query.per = *answers::parse_per(request.text("per"));
    query.max_points = static_cast<int>(request.integer("max_points"));
    if (request.text("step") != "auto") query.step = *domain::parse_step(request.text("step"));
    if (request.has("as_of")) query.as_of = request.time("as_of");
    return query;
}

/// What no parameter alone is wrong about.
std::optional<Response> refusal_of(const http::Request& request, const answers::SeriesQuery& q) {
    if (auto refused = empty_range(request)) return refused;
    if (q.as_of && q.step != Step::raw)
        return http::bad_request("as_of", "'as_of' is answered with step=raw only");
    if (q.step && *q.step != Step::raw &&
        (q.range.to - q.range.from) / domain::step_length(*q.step) > kMostBuckets) {
        return http::bad_request(
            "step", fmt::format("more than {} points: take a longer 'step' or a shorter range",
                                kMostBuckets));
    }
    return std::nullopt;
}

std::string_view media_type_of(answers::SeriesFormat format) {
    return format == answers::SeriesFormat::csv ? "text/csv; charset=utf-8" : "application/json";
}

/// Everything a long answer needs until its last piece is sent.
struct Streamed {
    Connections& connections;
    answers::SeriesPieces& pieces;
    std::uint64_t version;
    answers::SeriesQuery query;
    Step step;
    answers::SeriesReader reader;  ///< of raw
    answers::SeriesWriter writer;
    domain::UtcSeconds at = answers::first_bar(step, query.range.from);  ///< of bars: the next one
    bool begun = false;
    bool done = false;
};

domain::Status add_raw(Streamed& s, std::string& chunk) {
    const auto db = s.connections.lease();
    if (!db) return tl::unexpected(db.error());
    const auto points = s.reader.next(**db);
    if (!points) return tl::unexpected(points.error());
    s.done = points->empty();
    chunk += s.writer.points(*points);
    return {};
}

/// Those of the stretch around `at`, which is read when it is not kept.
Result<answers::SeriesPieces::Piece> piece_at(Streamed& s, domain::UtcSeconds at) {
    return s.pieces.find(s.writer, s.step, at, s.version,
                         [&](const domain::Range& stretch) -> Result<std::vector<answers::Point>> {
                             const auto db = s.connections.lease();
                             if (!db) return tl::unexpected(db.error());
                             return answers::bars_in(**db, s.query, s.step, stretch);
                         });
}

domain::Range rest_of_stretch(const Streamed& s, domain::UtcSeconds at) {
    return {at, std::min(answers::SeriesPieces::stretch(s.step, at).to, s.query.range.to)};
}

domain::Status add_bars(Streamed& s, std::string& chunk) {
    s.done = s.at >= s.query.range.to;
    if (s.done) return {};
    const auto piece = piece_at(s, s.at);
    if (!piece) return tl::unexpected(piece.error());
    const domain::Range range = rest_of_stretch(s, s.at);
    s.writer.add(**piece, range, chunk);
    s.at = range.to;
    return {};
}

/// How long the bars are together, as far as `enough`: an answer that grows as it comes leaves
/// holes of every size in memory.
Result<std::size_t> length_of_bars(Streamed& s, std::size_t enough) {
    std::size_t length = 0;
    for (domain::UtcSeconds at = s.at; at < s.query.range.to && length < enough;) {
        const auto piece = piece_at(s, at);
        if (!piece) return tl::unexpected(piece.error());
        const domain::Range range = rest_of_stretch(s, at);
        length += answers::SeriesWriter::length(**piece, range);
        at = range.to;
    }
    return length;
}

Result<bool> next_chunk(Streamed& s, std::string& chunk) {
    if (!s.begun) chunk += s.writer.begin();
    s.begun = true;
    const auto added = s.step == Step::raw ? add_raw(s, chunk) : add_bars(s, chunk);
    if (!added) return tl::unexpected(added.error());
    if (s.done) chunk += s.writer.end();
    return !s.done;
}

Result<Response> answer_series(const RouteContext& context, answers::SeriesPieces& pieces,
                               const http::Request& request) {
    const answers::SeriesQuery query = series_query(request);
    if (auto refused = refusal_of(request, query)) return *refused;
    const auto db = context.connections.lease();
    if (!db) return tl::unexpected(db.error());
    const auto step = answers::step_of(**db, query);
    if (!step) return tl::unexpected(step.error());
    const auto format = *answers::parse_series_format(request.text("format"));
    const std::vector<std::string> fields =
        request.has("fields") ? request.list("fields") : std::vector<std::string>{};
    auto streamed = std::make_shared<Streamed>(Streamed{
        context.connections, pieces, request.data_version(), query, *step,
        answers::SeriesReader(query, *step), answers::SeriesWriter(format, query, *step, fields)});
    // Finished here, so that it gets an ETag and a place in the cache. What is longer goes out as
    // it is read.
    std::string body;
    if (*step != Step::raw) {
        const auto length = length_of_bars(*streamed, kSmall);
        if (!length) return tl::unexpected(length.error());
        body.reserve(*length + kHead);
    }
    bool more = true;
    while (more && body.size() < kSmall) {
        const auto next = next_chunk(*streamed, body);
        if (!next) return tl::unexpected(next.error());
        more = *next;
    }
    const std::string media_type(media_type_of(format));
    if (!more) return http::ok(std::move(body), media_type);
    Response response = http::ok({}, media_type);
    response.body = nullptr;
    response.stream = [streamed,
                       head = std::move(body)](std::string& chunk) mutable -> Result<bool> {
        if (!head.empty()) {
            chunk = std::exchange(head, {});
            return true;
        }
        return next_chunk(*streamed, chunk);
    };
    return response;
}

std::string series_schema() {
    const auto value = [](std::string_view what = {}) {
        return schema::nullable(schema::number(what));
    };
    const std::string point = schema::object(
        schemas::time("time", "start of the bar; with step=raw, the observation's instant"),
        {{"mean", value("weighted by the seconds that each observation speaks for")},
         {"open", value("the first observation of the bar")},
         {"high", value("the highest")},
         {"low", value("the lowest")},
         {"close", value("the last: of a day, as of 24:00 UTC")},
         {"coverage", schema::number("share of the bar's seconds that observations speak for")}});
    const std::string series = schema::object(
        schemas::range() +
            schema::Fields{
                {"step", schema::text("what was taken; for auto too")},
                {"step_s", schema::integer("seconds of a bar; of a month, 30 days; 0 for raw")},
                {"unit", schema::text("for example USD/PH/day")}},
        {{"points", schema::array(point, "with format=json: in order of time")},
         {"columns", schema::map_of(schema::array(value()),
                                    "with format=columns: time_s and each value of a point, an "
                                    "array each")}});
    return "{\"oneOf\":[" + series + "," + schema::array(point) + "]}";
}

http::Route series_route(const RouteContext& context) {
    http::Route route;
    route.pattern = "/api/v1/hashprice";
    route.operation_id = "getHashprice";
    route.summary = "A series of hash prices";
    route.description =
        "Bars are named by their UTC start and hold what was observed up to their end; a bar "
        "without "
        "an observation stands with nulls and coverage 0.";
    route.tag = "Hash price";
    route.parameters = series_parameters();
    route.contents = {{.schema = series_schema(), .example = std::string(examples::kHashprice)},
                      {.media_type = "text/csv"}};
    route.now_grid = domain::seconds{60};
    route.handler = [context, pieces = std::make_shared<answers::SeriesPieces>(kKeptPieces)](
                        const http::Request& request) {
        return answer_series(context, *pieces, request);
    };
    return route;
}

}  // namespace

std::vector<http::Route> hashprice_routes(const RouteContext& context) {
    return {series_route(context)};
}

}  // namespace hashprice::service::app
