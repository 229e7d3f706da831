#include "ingest/import/csv_import.hpp"

#define CSV_IO_NO_THREAD
#include <fmt/format.h>
#include <libfccp/csv.h>

#include <algorithm>
#include <memory>

#include "ingest/import/fields.hpp"
#include "ingest/sources/plausible.hpp"

namespace hashprice::ingest {
namespace {

using domain::all_good;
using domain::Errc;
using domain::FactBatch;
using domain::fail;
using domain::format_time;
using domain::Result;
using domain::seconds;
using domain::Status;
using domain::UtcSeconds;

using Reader = io::CSVReader<kColumns, io::trim_chars<' ', '\t'>, io::double_quote_escape<',', '"'>,
                             io::throw_on_overflow, io::single_and_empty_line_comment<'#'>>;
constexpr std::size_t kBatch = 10'000;
constexpr seconds kLongestCandle = 7 * domain::kDay;
constexpr std::int64_t kAllSatoshi = 2'099'999'997'690'000;

/// The bytes of a file, and a line's end after them where it is missing. Without it the reader
/// looks at the byte that follows in its buffer, which nobody wrote or an earlier part of the file
/// did; a line's end there sends it past the end.
class EndedLines final : public io::ByteSourceBase {
public:
    explicit EndedLines(std::istream& in) : in_(in) {}
    int read(char* buffer, int size) override {
        in_.read(buffer, size);
        auto got = static_cast<int>(in_.gcount());
        if (got > 0) last_ = buffer[got - 1];
        if (got < size && last_ != '\n') buffer[got++] = last_ = '\n';
        return got;
    }

private:
    std::istream& in_;
    char last_ = '\n';  // nothing is no line
};

struct Line {
    const Fields& fields;
    const ImportOptions& options;
    FactBatch& batch;
};

Status not_in_the_future(UtcSeconds t, const ImportOptions& options) {
    if (t <= options.now + kHeaderLead) return {};
    return fail(Errc::out_of_range, fmt::format("{} is in the future", format_time(t)));
}

Status add_block(const Line& line) {
    const Fields& f = line.fields;
    const auto height = f.integer(Column::height, 0, kHighestHeight);
    const auto time = f.time(Column::time_s);
    const auto bits = f.bits();
    const auto hash = f.hash();
    const auto fees = f.empty(Column::fee_sat) ? Result<std::int64_t>(-1)
                                               : f.integer(Column::fee_sat, 0, kHighestFees);
    if (Status good = all_good(height, time, bits, hash, fees); !good) return good;
    domain::Block block{.height = *height, .hash = *hash, .time = *time, .bits = *bits};
    if (*fees >= 0) block.fees = domain::Satoshi{*fees};
    return not_in_the_future(*time, line.options)
        .and_then([&] { return check_block(block); })
        .map([&] { line.batch.blocks.push_back(block); });
}

Status add_epoch(const Line& line) {
    const auto height = line.fields.integer(Column::start_height, 0, kHighestHeight);
    const auto time = line.fields.time(Column::start_time_s);
    const auto bits = line.fields.bits();
    if (Status good = all_good(height, time, bits); !good) return good;
    if (*height % 2016 != 0)
        return fail(Errc::out_of_range,
                    fmt::format("start_height {} is no multiple of 2016", *height));
    line.batch.epochs.push_back({*height, *time, *bits});
    return not_in_the_future(*time, line.options);
}

Status add_price(const Line& line, UtcSeconds time, seconds span, Column column) {
    const auto price = line.fields.usd(column);
    if (!price) return tl::unexpected(price.error());
    if (span > seconds{0} &&
        (span > kLongestCandle || time.time_since_epoch() % span != seconds{0})) {
        return fail(Errc::out_of_range,
                    fmt::format("a candle of {} does not end at {}", domain::format_duration(span),
                                format_time(time)));
    }
    if (time > line.options.now)
        return fail(Errc::out_of_range, fmt::format("{} is in the future", format_time(time)));
    line.batch.prices.push_back({time, span, *price});
    return {};
}

Result<seconds> span_of(const Line& line) {
    if (!line.fields.empty(Column::span_s)) {
        return line.fields.integer(Column::span_s, 0, kLongestCandle.count())
            .map([](std::int64_t s) { return seconds{s}; });
    }
    return line.options.span.value_or(seconds{0});
}

Status add_tick_or_close(const Line& line) {
    const auto time = line.fields.time(Column::time_s);
    const auto span = span_of(line);
    if (Status good = all_good(time, span); !good) return good;
    return add_price(line, *time, *span, Column::price_usd);
}

Status add_candle(const Line& line) {
    const auto start = line.fields.time(Column::start_time_s);
    const auto span = span_of(line);
    if (Status good = all_good(start, span); !good) return good;
    if (*span == seconds{0}) {
        return fail(Errc::usage,
                    "these are candles, but of what length? Say --span 1h, or add a column span_s");
    }
    return add_price(line, *start + *span, *span, Column::close_usd);
}

Status add_fees(const Line& line, UtcSeconds end, Column sum, std::optional<std::int64_t> blocks) {
    const auto fee_sum = line.fields.integer(sum, 0, kAllSatoshi);
    const auto count =
        blocks ? Result<std::int64_t>(*blocks) : line.fields.integer(Column::blocks, 1, 10'000);
    const auto tip = line.fields.integer(Column::tip_height, 0, kHighestHeight);
    const auto window = line.fields.fee_window();
    if (Status good = all_good(fee_sum, count, tip, window); !good) return good;
    line.batch.fee_means.push_back(
        {end, *window, domain::Satoshi{*fee_sum}, static_cast<std::int32_t>(*count), *tip});
    return not_in_the_future(end, line.options);
}

Status add_fee_mean(const Line& line) {
    const auto end = line.fields.time(Column::end_time_s);
    if (!end) return tl::unexpected(end.error());
    return add_fees(line, *end, Column::fee_sat_sum, std::nullopt);
}

Status add_day(const Line& line) {
    const auto close = line.fields.close_of_day(Column::date);
    if (!close) return tl::unexpected(close.error());
    Status price = add_price(line, *close, domain::kDay, Column::close_usd);
    if (!price || line.fields.empty(Column::fee_sat_sum_144)) return price;
    return add_fees(line, *close, Column::fee_sat_sum_144, 144);
}

struct Format {
    const char* kind;
    std::vector<Column> needs;
    Status (*add)(const Line&);
};

/// The first whose columns are all there.
const std::vector<Format>& formats() {
    static const std::vector<Format> all{
        {"blocks", {Column::height, Column::time_s, Column::fee_sat}, add_block},
        {"epochs", {Column::start_height, Column::start_time_s}, add_epoch},
        {"fee means",
         {Column::end_time_s, Column::fee_sat_sum, Column::blocks, Column::tip_height},
         add_fee_mean},
        {"daily closes", {Column::date, Column::close_usd}, add_day},
        {"candles", {Column::start_time_s, Column::close_usd}, add_candle},
        {"prices", {Column::time_s, Column::price_usd}, add_tick_or_close}};
    return all;
}

std::string joined(const std::vector<Column>& columns) {
    std::vector<const char*> names;
    names.reserve(columns.size());
    for (const Column c : columns) names.push_back(column_names().at(static_cast<std::size_t>(c)));
    return fmt::format("{}", fmt::join(names, ","));
}

Result<const Format*> format_of(const Reader& reader, const ImportOptions& options) {
    const auto has = [&](Column c) {
        return reader.has_column(column_names().at(static_cast<std::size_t>(c)));
    };
    for (const Format& format : formats()) {
        if (std::ranges::all_of(format.needs, has)) return &format;
    }
    std::string known;
    for (const Format& format : formats())
        known += fmt::format("; {}: {}", format.kind, joined(format.needs));
    return fail(Errc::bad_payload, fmt::format("{}:1: the header line is none that is known{}",
                                               options.file_name, known));
}

template <std::size_t... I>
void read_header(Reader& reader, std::index_sequence<I...>) {
    reader.read_header(io::ignore_extra_column | io::ignore_missing_column, column_names()[I]...);
}

template <std::size_t... I>
bool read_row(Reader& reader, std::array<const char*, kColumns>& values,
              std::index_sequence<I...>) {
    return reader.read_row(values[I]...);
}

std::size_t size_of(const FactBatch& b) {
    return b.blocks.size() + b.prices.size() + b.epochs.size() + b.fee_means.size();
}

Status read_all(Reader& reader, const ImportOptions& options,
                const std::function<Status(const FactBatch&)>& take) {
    constexpr auto kAll = std::make_index_sequence<kColumns>{};
    read_header(reader, kAll);
    const auto format = format_of(reader, options);
    if (!format) return tl::unexpected(format.error());
    const FactBatch empty{.source = options.source, .fetched_at = options.now};
    FactBatch batch = empty;
    std::array<const char*, kColumns> values{};
    const Fields fields(values);
    while (read_row(reader, values, kAll)) {
        const Status added = (*format)->add({fields, options, batch});
        if (!added) {
            return fail(added.error().code,
                        fmt::format("{}:{}: {}", options.file_name, reader.get_file_line(),
                                    added.error().what));
        }
        if (size_of(batch) < kBatch) continue;
        if (Status taken = take(batch); !taken) return taken;
        batch = empty;
    }
    return take(batch);
}

}  // namespace

const std::vector<ImportFormat>& import_formats() {
    static const std::vector<ImportFormat> all = [] {
        std::vector<ImportFormat> list;
        for (const Format& f : formats()) list.push_back({f.kind, joined(f.needs)});
        return list;
    }();
    return all;
}

Status import_csv(std::istream& in, const ImportOptions& options,
                  const std::function<Status(const FactBatch&)>& take) {
    try {
        Reader reader(options.file_name, std::make_unique<EndedLines>(in));
        return read_all(reader, options, take);
    } catch (const io::error::base& e) {
        const auto* where = dynamic_cast<const io::error::with_file_line*>(&e);
        const int line = where == nullptr ? 1 : std::max(where->file_line, 1);
        return fail(Errc::bad_payload, fmt::format("{}:{}: {}", options.file_name, line, e.what()));
    } catch (const std::exception& e) {
        return fail(Errc::bad_payload, fmt::format("{}:1: {}", options.file_name, e.what()));
    }
}

}  // namespace hashprice::ingest
