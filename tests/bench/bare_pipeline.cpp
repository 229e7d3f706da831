#include "tests/bench/bare_pipeline.hpp"

#include <algorithm>
#include <stdexcept>

#include "domain/consensus.hpp"

namespace hashprice::bench {
namespace {

constexpr std::array<std::int64_t, 4> kSteps{3600, 86'400, 604'800, 2'592'000};

template <class... Values>
void write(sqlite3_stmt* statement, const Values&... values) {
    int at = 0;
    const auto bind = [&](const auto& value) {
        if constexpr (std::is_floating_point_v<std::decay_t<decltype(value)>>) {
            sqlite3_bind_double(statement, ++at, value);
        } else {
            sqlite3_bind_int64(statement, ++at, value);
        }
    };
    (bind(values), ...);
}

void step(sqlite3_stmt* statement) {
    if (sqlite3_step(statement) != SQLITE_DONE) throw std::runtime_error("the bare loop failed");
    sqlite3_reset(statement);
}

}  // namespace

BarePipeline::BarePipeline(const std::filesystem::path& file)
    : db_(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX) {
    db_.exec(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
        "CREATE TABLE blocks(height INTEGER PRIMARY KEY, time INTEGER, bits INTEGER, fees INTEGER, "
        "hash BLOB, source INTEGER, fetched_at INTEGER) STRICT;"
        "CREATE TABLE prices(time INTEGER PRIMARY KEY, price INTEGER, source INTEGER, fetched_at "
        "INTEGER) STRICT;"
        "CREATE TABLE observations(time INTEGER PRIMARY KEY, height INTEGER, bits INTEGER, fees "
        "INTEGER, price REAL, usd REAL, sat REAL, recorded_at INTEGER) STRICT;");
    block_ = prepare(
        "INSERT INTO blocks VALUES(?,?,?,?,?,?,?) ON CONFLICT(height) DO UPDATE SET "
        "time=excluded.time, bits=excluded.bits, fees=excluded.fees, hash=excluded.hash "
        "WHERE hash IS NOT excluded.hash");
    price_ = prepare(
        "INSERT INTO prices VALUES(?,?,?,?) ON CONFLICT(time) DO UPDATE SET price=excluded.price "
        "WHERE price IS NOT excluded.price");
    observation_ = prepare(
        "INSERT INTO observations VALUES(?,?,?,?,?,?,?,?) ON CONFLICT(time) DO UPDATE SET "
        "height=excluded.height, bits=excluded.bits, fees=excluded.fees, price=excluded.price, "
        "usd=excluded.usd, sat=excluded.sat WHERE usd IS NOT excluded.usd");
    for (std::size_t i = 0; i < kSteps.size(); ++i) {
        const std::string table = "bars" + std::to_string(i);
        db_.exec("CREATE TABLE " + table +
                 "(start INTEGER PRIMARY KEY, n INTEGER, open REAL, high REAL, low REAL, close "
                 "REAL, mean REAL, sat_open REAL, sat_high REAL, sat_low REAL, sat_close REAL, "
                 "sat_mean REAL) STRICT");
        bars_.at(i) =
            prepare("INSERT OR REPLACE INTO " + table + " VALUES(?,?,?,?,?,?,?,?,?,?,?,?)");
    }
}

BarePipeline::~BarePipeline() {
    for (sqlite3_stmt* statement : statements_) sqlite3_finalize(statement);
}

sqlite3_stmt* BarePipeline::prepare(const std::string& sql) {
    sqlite3_stmt* made = nullptr;
    if (sqlite3_prepare_v3(db_.getHandle(), sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &made,
                           nullptr) != SQLITE_OK) {
        throw std::runtime_error(sqlite3_errmsg(db_.getHandle()));
    }
    statements_.push_back(made);
    return made;
}

void BarePipeline::take(std::span<const std::string> pages, std::span<const domain::Price> closes) {
    SQLite::Transaction transaction(db_);
    closes_ = closes;
    for (const domain::Price& close : closes) {
        write(price_, domain::unix_s(close.time), close.price.value, 6, 0);
        step(price_);
    }
    for (const std::string& body : pages) page(body);
    while (!closes_.empty()) {
        observe(closes_.front());
        closes_ = closes_.subspan(1);
    }
    for (std::size_t i = 0; i < kSteps.size(); ++i) store(i);
    transaction.commit();
}

void BarePipeline::page(const std::string& body) {
    std::array<simdjson::dom::element, 15> rows;
    std::size_t count = 0;
    for (const auto row : parser_.parse(body).get_array()) rows.at(count++) = row;
    while (count > 0) block(rows.at(--count));
}

void BarePipeline::block(const simdjson::dom::element& row) {
    const std::int64_t height = row["height"].get_int64();
    const std::int64_t time = row["timestamp"].get_int64();
    const std::int64_t bits = row["bits"].get_int64();
    const std::int64_t fees = row["extras"]["totalFees"].get_int64();
    const std::string_view hash = row["id"].get_string();
    observe_up_to(time);
    std::array<unsigned char, 32> bytes{};
    const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    for (std::size_t i = 0; i < 32; ++i) {
        bytes.at(i) = static_cast<unsigned char>(digit(hash[2 * i]) * 16 + digit(hash[2 * i + 1]));
    }
    write(block_, height, time, bits, fees);
    sqlite3_bind_blob(block_, 5, bytes.data(), 32, SQLITE_STATIC);
    sqlite3_bind_int64(block_, 6, 2);
    sqlite3_bind_int64(block_, 7, time);
    step(block_);
    std::int64_t& slot = window_.at(static_cast<std::size_t>(height % 144));
    tip_ = {height, bits, tip_.fee_sum + fees - slot};
    slot = fees;
}

void BarePipeline::observe_up_to(std::int64_t time) {
    while (!closes_.empty() && domain::unix_s(closes_.front().time) < time) {
        observe(closes_.front());
        closes_ = closes_.subspan(1);
    }
}

void BarePipeline::observe(const domain::Price& close) {
    if (tip_.height < 143) return;
    const double price = static_cast<double>(close.price.value) / 1e6;
    const double difficulty =
        domain::difficulty_of(domain::Bits{static_cast<std::uint32_t>(tip_.bits)})->value;
    const double reward = static_cast<double>(domain::subsidy_at(tip_.height).value) +
                          static_cast<double>(tip_.fee_sum) / 144.0;
    const double sat = 86400e15 * reward / (difficulty * 281'474'976'710'656.0 / 65535.0);
    const double usd = sat / 1e8 * price;
    const std::int64_t time = domain::unix_s(close.time);
    write(observation_, time, tip_.height, tip_.bits, tip_.fee_sum, price, usd, sat, time);
    step(observation_);
    for (std::size_t i = 0; i < kSteps.size(); ++i) sum_up(i, time, usd, sat);
}

void BarePipeline::sum_up(std::size_t i, std::int64_t time, double usd, double sat) {
    Bar& bar = open_.at(i);
    const std::int64_t start = (time - 1) / kSteps.at(i) * kSteps.at(i);
    if (bar.start != start) {
        store(i);
        bar = {start, 0, usd, usd, usd, usd, 0, sat, sat, sat, sat, 0};
    }
    bar.high = std::max(bar.high, usd);
    bar.low = std::min(bar.low, usd);
    bar.close = usd;
    bar.sum += usd;
    bar.sat_high = std::max(bar.sat_high, sat);
    bar.sat_low = std::min(bar.sat_low, sat);
    bar.sat_close = sat;
    bar.sat_sum += sat;
    ++bar.n;
}

void BarePipeline::store(std::size_t i) {
    const Bar& b = open_.at(i);
    if (b.start < 0) return;
    const auto n = static_cast<double>(b.n);
    write(bars_.at(i), b.start, b.n, b.open, b.high, b.low, b.close, b.sum / n, b.sat_open,
          b.sat_high, b.sat_low, b.sat_close, b.sat_sum / n);
    step(bars_.at(i));
}

}  // namespace hashprice::bench
