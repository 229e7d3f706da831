#pragma once
#include <optional>
#include <string>
#include <vector>

#include "domain/bar.hpp"
#include "service/answers/latest.hpp"

/// A series of hash prices, bar by bar or raw.
namespace hashprice::service::answers {

using domain::format_time;
using domain::Step;
using domain::unix_s;

enum class Denomination { usd, btc, sat };
enum class Per { th, ph, eh };
enum class SeriesFormat { json, rows, columns, csv };

Result<Denomination> parse_denomination(std::string_view text);
Result<Per> parse_per(std::string_view text);
Result<SeriesFormat> parse_series_format(std::string_view text);

struct SeriesQuery {
    domain::Range range;
    std::optional<Step> step;  ///< none: auto, the finest that stays within max_points
    Denomination denomination = Denomination::usd;
    Per per = Per::ph;
    int max_points = 1500;            ///< for the automatic step
    std::optional<UtcSeconds> as_of;  ///< raw only: as it was known then
};

/// A bar, or an observation as a bar of its own; without values where nothing was observed.
struct Point {
    UtcSeconds time;  ///< of a bar: its start
    std::optional<domain::Ohlc> value;
    double coverage{};  ///< 0..1
};

/// "USD/PH/day", "BTC/TH/day", ...
std::string unit_of(Denomination denomination, Per per);
/// The step that a query without one gets. Never finer than what was observed at the end of the
/// range.
Result<Step> step_of(storage::Database& db, const SeriesQuery& query);

/// Start of the bar that begins at or before `from`: the first of a series.
UtcSeconds first_bar(Step step, UtcSeconds from);
/// Every bar that begins in `range`, ascending, with or without values; not for raw.
Result<std::vector<Point>> bars_in(storage::Database& db, const SeriesQuery& query, Step step,
                                   const domain::Range& range);

/// Reads a series piece by piece, in constant memory however long the range. Each piece may come
/// by another connection, so that a slow reader of the answer holds none.
class SeriesReader {
public:
    SeriesReader(const SeriesQuery& query, Step step);
    /// The next points, ascending, some hundred at a time; empty at the end. Of bars, every one of
    /// the range, with or without values; of raw, the observations there are.
    Result<std::vector<Point>> next(storage::Database& db);

private:
    domain::Status skip_to_the_next(storage::Database& db, UtcSeconds last);
    void learn_chunk(std::size_t found);
    Result<std::vector<Point>> next_raw(storage::Database& db);
    Result<std::vector<Point>> next_bars(storage::Database& db);

    SeriesQuery query_;
    Step step_;
    UtcSeconds at_;
    seconds raw_chunk_ = 6 * domain::kHour;
};

}  // namespace hashprice::service::answers
