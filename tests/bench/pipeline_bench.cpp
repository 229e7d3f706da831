// What bringing history in costs: decode, store, derive and sum up, through the product, beside the
// least that could do the same.
//
//   pipeline_bench [rounds]
//
// Both get the same 1,500 pages of 15 blocks in mempool.space's shape and the same price for every
// ten minutes, and write a file of their own: facts, observations and four kinds of bars, durably
// (WAL, synchronous FULL), some 1,500 blocks a transaction. They take turns; the medians of the
// rounds are compared. (Machines differ: only the ratio within one run counts.)
#include <SQLiteCpp/SQLiteCpp.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "domain/consensus.hpp"
#include "ingest/collector.hpp"
#include "ingest/sources/mempool.hpp"
#include "tests/support/fake_replies.hpp"

namespace {

using namespace hashprice;
using domain::seconds;
using domain::UtcSeconds;

constexpr std::size_t kPagesPerStore = 100;
constexpr seconds kPriceStep{600};
constexpr UtcSeconds kEnd = domain::utc(1'764'547'200);  // 2025-12-01
constexpr double kGoal = 0.7;

struct Material {
    std::vector<std::string> pages;  ///< ascending
    std::vector<domain::Price> prices;
    std::int64_t blocks = 0;

    [[nodiscard]] double price_at(std::int64_t time_s) const {
        const auto first = domain::unix_s(prices.front().time);
        const auto at = std::clamp<std::int64_t>((time_s - first) / kPriceStep.count(), 0,
                                                 static_cast<std::int64_t>(prices.size()) - 1);
        return static_cast<double>(prices[static_cast<std::size_t>(at)].price.value) / 1e6;
    }
};

Material make_material() {
    fake::World world(HP_FAKE_DATA);
    world.fill_hole();
    const fake::View view{world, kEnd};
    Material material;
    for (auto top = world.first_height() + 14; top <= world.tip(kEnd); top += 15) {
        fake::Request request{.method = "GET", .path = "/api/v1/blocks/" + std::to_string(top)};
        material.pages.push_back(fake::mempool_reply(view, request).body);
        material.blocks += 15;
    }
    const auto start =
        std::chrono::floor<std::chrono::hours>(world.effective_time(world.first_height()));
    for (UtcSeconds t = start + kPriceStep; t <= kEnd; t += kPriceStep) {
        material.prices.push_back({t, kPriceStep, view.price_at(t)});
    }
    return material;
}

// --- the product
// ----------------------------------------------------------------------------------
using Stop = std::runtime_error;

template <class T>
T must(domain::Result<T> result) {
    if (!result) throw Stop(result.error().what);
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

std::int64_t by_the_product(const Material& material, const std::filesystem::path& file) {
    auto db = must(storage::Database::open(file, storage::Access::write));
    ingest::Collector collector(db, must(ingest::derive_options(db, {})));
    std::int64_t observations = 0;
    auto price = material.prices.begin();
    for (std::size_t at = 0; at < material.pages.size(); at += kPagesPerStore) {
        domain::FactBatch chain{.source = "mempool", .fetched_at = kEnd};
        const std::size_t end = std::min(at + kPagesPerStore, material.pages.size());
        for (std::size_t i = at; i < end; ++i) {
            const auto blocks = must(ingest::decode_mempool_blocks(material.pages[i], kEnd));
            chain.blocks.insert(chain.blocks.end(), blocks.begin(), blocks.end());
        }
        domain::FactBatch exchange{.source = "coinbase", .fetched_at = kEnd};
        const UtcSeconds reached = end == material.pages.size() ? kEnd : chain.blocks.back().time;
        for (; price != material.prices.end() && price->time <= reached; ++price) {
            exchange.prices.push_back(*price);
        }
        const auto bring = [&](const ingest::Collector::Sink& sink) {
            return sink(chain).and_then([&] { return sink(exchange); });
        };
        observations += must(collector.take_all(bring, kEnd, kEnd)).derived.changed;
    }
    return observations;
}

// --- the least that could do it
// -------------------------------------------------------------------
struct Bar {
    std::int64_t start = -1;
    std::int64_t n = 0;
    double open = 0, high = 0, low = 0, close = 0, sum = 0;
};

class Bare {
public:
    explicit Bare(const std::filesystem::path& file)
        : db_(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE) {
        db_.exec(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
            "CREATE TABLE blocks(height INTEGER PRIMARY KEY, time INTEGER, bits INTEGER, fees "
            "INTEGER, hash BLOB) STRICT;"
            "CREATE TABLE prices(time INTEGER PRIMARY KEY, price INTEGER) STRICT;"
            "CREATE TABLE observations(time INTEGER PRIMARY KEY, height INTEGER, bits INTEGER, "
            "fees INTEGER, price REAL, usd REAL, sat REAL) STRICT;");
        for (std::size_t i = 0; i < kSteps.size(); ++i) {
            const std::string table = "bars" + std::to_string(i);
            db_.exec("CREATE TABLE " + table +
                     "(start INTEGER PRIMARY KEY, n INTEGER, open REAL, high REAL, low REAL, "
                     "close REAL, mean REAL) STRICT");
            bars_.emplace_back(db_, "INSERT INTO " + table +
                                        " VALUES(?,?,?,?,?,?,?) ON CONFLICT(start) DO UPDATE SET "
                                        "n=excluded.n, open=excluded.open, high=excluded.high, "
                                        "low=excluded.low, close=excluded.close, "
                                        "mean=excluded.mean");
        }
        block_.emplace(db_,
                       "INSERT INTO blocks VALUES(?,?,?,?,?) ON CONFLICT(height) DO UPDATE SET "
                       "time=excluded.time, bits=excluded.bits, fees=excluded.fees, "
                       "hash=excluded.hash WHERE hash IS NOT excluded.hash");
        price_.emplace(db_, "INSERT INTO prices VALUES(?,?) ON CONFLICT DO NOTHING");
        observation_.emplace(db_,
                             "INSERT INTO observations VALUES(?,?,?,?,?,?,?) ON CONFLICT(time) DO "
                             "UPDATE SET height=excluded.height, bits=excluded.bits, "
                             "fees=excluded.fees, price=excluded.price, usd=excluded.usd, "
                             "sat=excluded.sat WHERE usd IS NOT excluded.usd");
    }

    void run(const Material& material) {
        for (std::size_t at = 0; at < material.pages.size(); at += kPagesPerStore) {
            SQLite::Transaction transaction(db_);
            const std::size_t end = std::min(at + kPagesPerStore, material.pages.size());
            for (std::size_t i = at; i < end; ++i) page(material, material.pages[i]);
            for (std::size_t b = 0; b < kSteps.size(); ++b) store(b);
            transaction.commit();
        }
    }

private:
    static constexpr std::array<std::int64_t, 4> kSteps{3600, 86'400, 604'800, 2'592'000};

    void page(const Material& material, const std::string& body) {
        simdjson::padded_string padded(body);
        std::vector<simdjson::dom::element> rows;
        for (simdjson::dom::element row : parser_.parse(padded).get_array()) rows.push_back(row);
        for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
            const std::int64_t time = (*row)["timestamp"].get_int64();
            const std::int64_t bits = (*row)["bits"].get_int64();
            const std::int64_t fees = (*row)["extras"]["totalFees"].get_int64();
            const std::string_view hash = (*row)["id"].get_string();
            block(material, {(*row)["height"].get_int64(), time, bits, fees}, hash);
        }
    }

    struct Row {
        std::int64_t height, time, bits, fees;
    };
    void block(const Material& material, const Row& row, std::string_view hash) {
        std::array<unsigned char, 32> bytes{};
        for (std::size_t i = 0; i < 32; ++i) {
            const auto digit = [&](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
            bytes[i] = static_cast<unsigned char>(digit(hash[2 * i]) * 16 + digit(hash[2 * i + 1]));
        }
        write(*block_, row.height, row.time, row.bits, row.fees);
        block_->bindNoCopy(5, bytes.data(), 32);
        step(*block_);
        std::int64_t& slot = window_[static_cast<std::size_t>(row.height % 144)];
        sum_ += row.fees - slot;
        slot = row.fees;
        const double price = material.price_at(row.time);
        write(*price_, row.time, static_cast<std::int64_t>(price * 1e6));
        step(*price_);
        const double difficulty =
            domain::difficulty_of(domain::Bits{static_cast<std::uint32_t>(row.bits)})->value;
        const double reward = static_cast<double>(domain::subsidy_at(row.height).value) +
                              static_cast<double>(sum_) / 144.0;
        const double sat = 86400e15 * reward / (difficulty * 281'474'976'710'656.0 / 65535.0);
        write(*observation_, row.time, row.height, row.bits, sum_, price, sat / 1e8 * price, sat);
        step(*observation_);
        for (std::size_t b = 0; b < kSteps.size(); ++b) sum_up(b, row.time, sat / 1e8 * price);
    }

    void sum_up(std::size_t b, std::int64_t time, double value) {
        Bar& bar = open_[b];
        const std::int64_t start = time - time % kSteps[b];
        if (bar.start != start) {
            store(b);
            bar = {start, 0, value, value, value, value, 0};
        }
        bar.high = std::max(bar.high, value);
        bar.low = std::min(bar.low, value);
        bar.close = value;
        bar.sum += value;
        ++bar.n;
    }
    void store(std::size_t b) {
        const Bar& bar = open_[b];
        if (bar.start < 0) return;
        write(bars_[b], bar.start, bar.n, bar.open, bar.high, bar.low, bar.close,
              bar.sum / static_cast<double>(bar.n));
        step(bars_[b]);
    }

    template <class... Values>
    static void write(SQLite::Statement& statement, const Values&... values) {
        int at = 0;
        (statement.bind(++at, values), ...);
    }
    static void step(SQLite::Statement& statement) {
        statement.exec();
        statement.reset();
    }

    SQLite::Database db_;
    std::vector<SQLite::Statement> bars_;
    std::optional<SQLite::Statement> block_, price_, observation_;
    simdjson::dom::parser parser_;
    std::array<std::int64_t, 144> window_{};
    std::int64_t sum_ = 0;
    std::array<Bar, 4> open_{};
};

// --- the comparison
// -------------------------------------------------------------------------------
template <class Work>
double seconds_of(const Work& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

int run(int rounds) {
    const Material material = make_material();
    const auto dir = std::filesystem::temp_directory_path() / "hashprice_pipeline_bench";
    std::vector<double> product;
    std::vector<double> bare;
    std::int64_t observations = 0;
    for (int i = 0; i < rounds; ++i) {
        std::filesystem::remove_all(dir);
        std::filesystem::create_directories(dir);
        product.push_back(
            seconds_of([&] { observations = by_the_product(material, dir / "product.db"); }));
        bare.push_back(seconds_of([&] { Bare(dir / "bare.db").run(material); }));
    }
    std::filesystem::remove_all(dir);
    const auto rate = [&](double s) { return static_cast<double>(material.blocks) / s; };
    const double ratio = median(bare) / median(product);
    std::printf("%lld blocks, %lld observations, medians of %d\n",
                static_cast<long long>(material.blocks), static_cast<long long>(observations),
                rounds);
    std::printf("bare     %9.0f blocks/s\nproduct  %9.0f blocks/s\n", rate(median(bare)),
                rate(median(product)));
    std::printf("ratio    %9.2f (the goal is %.1f%s)\n", ratio, kGoal,
                ratio < kGoal ? ": missed" : "");
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc > 1 ? std::atoi(argv[1]) : 5);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
