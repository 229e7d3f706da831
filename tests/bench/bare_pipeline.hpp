#pragma once
#include <SQLiteCpp/SQLiteCpp.h>
#include <simdjson.h>
#include <sqlite3.h>

#include <array>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/facts.hpp"

namespace hashprice::bench {

/// The least that brings history in: dom parse, upserts through SQLite's own calls, an hourly
/// observation with its inputs, four kinds of bars; WAL, synchronous FULL. It trusts everything:
/// nothing is checked, nothing kept of what is replaced, blocks must come in ascending order.
class BarePipeline {
public:
    explicit BarePipeline(const std::filesystem::path& file);
    BarePipeline(const BarePipeline&) = delete;
    BarePipeline& operator=(const BarePipeline&) = delete;
    ~BarePipeline();

    /// Pages of blocks, newest first each, and the hourly closes up to the last of them: one
    /// transaction.
    void take(std::span<const std::string> pages, std::span<const domain::Price> closes);

private:
    struct Bar {
        std::int64_t start = -1, n = 0;
        double open = 0, high = 0, low = 0, close = 0, sum = 0;
        double sat_open = 0, sat_high = 0, sat_low = 0, sat_close = 0, sat_sum = 0;
    };
    struct Tip {
        std::int64_t height = -1, bits = 0, fee_sum = 0;
    };

    sqlite3_stmt* prepare(const std::string& sql);
    void page(const std::string& body);
    void block(const simdjson::dom::element& row);
    void observe_up_to(std::int64_t time);
    void observe(const domain::Price& close);
    void sum_up(std::size_t step, std::int64_t time, double usd, double sat);
    void store(std::size_t step);

    SQLite::Database db_;
    std::vector<sqlite3_stmt*> statements_;
    sqlite3_stmt* block_ = nullptr;
    sqlite3_stmt* price_ = nullptr;
    sqlite3_stmt* observation_ = nullptr;
    std::array<sqlite3_stmt*, 4> bars_{};
    simdjson::dom::parser parser_;
    std::array<std::int64_t, 144> window_{};
    Tip tip_;
    std::span<const domain::Price> closes_;  ///< not observed yet
    std::array<Bar, 4> open_{};
};

}  // namespace hashprice::bench
