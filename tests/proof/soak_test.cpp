// Thirty simulated days of live polling with failing sources and reading dashboards, in minutes.
#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "service/app/routes.hpp"
#include "service/http/server.hpp"
#include "tests/ingest/failover/storm.hpp"
#include "tests/service/http/client.hpp"
#include "tests/support/process.hpp"

namespace hashprice::proof {
namespace {

using namespace service;
using domain::kDay;
using domain::UtcSeconds;

constexpr int kDays = 30;
constexpr int kWarmUpDays = 5;
constexpr UtcSeconds kBegin = domain::utc(1'759'276'800);  // 2025-10-01T00:00:00Z
constexpr std::int64_t kMega = 1 << 20;

// docs/operating.md, "How large it grows": bytes a row, with its share of indexes and page ends
constexpr double kObservationBytes = 91, kTickBytes = 28, kPollBytes = 45, kBlockBytes = 75;

/// The API over the storm's database, and two dashboards that read all the time.
class Readers {
public:
    Readers(const std::filesystem::path& file, const domain::Clock& clock) : connections_(file) {
        auto db = storage::Database::open(file, storage::Access::read);
        app::RouteContext context{.connections = connections_,
                                  .clock = clock,
                                  .derive = ingest::derive_options(*db, {}).value()};
        context.trend = answers::trend_settings(config::Settings{});
        http::Options options;
        options.listen = "127.0.0.1:0";
        options.clock = &clock;
        options.events = &events_;
        options.data_version = [this] { return connections_.data_version(); };
        server_ = http::Server::start(std::move(options),
                                      app::product_routes(context, {events_, metrics_}).value())
                      .value();
        for (int n = 0; n < 2; ++n)
            threads_.emplace_back([this](const std::stop_token& stop) { read(stop); });
    }
    std::atomic<std::int64_t> answers{0};
    std::atomic<std::int64_t> failures{0};

private:
    void read(const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            for (const char* target :
                 {"/api/v1/hashprice?from=2025-10-01&to=2025-11-05", "/api/v1/hashprice/latest",
                  "/api/v1/trend", "/api/v1/gaps", "/api/v1/sources", "/metrics", "/readyz"}) {
                const auto answer = http::test::get(server_->port(), target);
                const bool ready = std::string_view(target) == "/readyz" && answer.status == 503;
                ++(answer.complete && (answer.status == 200 || ready) ? answers : failures);
                std::this_thread::sleep_for(std::chrono::milliseconds{5});
            }
        }
    }
    app::Connections connections_;
    http::EventHub events_;
    http::Registry metrics_;
    std::unique_ptr<http::Server> server_;
    std::vector<std::jthread> threads_;
};

std::int64_t resident_bytes() {
    malloc_trim(0);  // what is free is given back, so that only what is kept counts
    std::ifstream statm("/proc/self/statm");
    std::int64_t pages = 0;
    statm >> pages >> pages;
    return pages * 4096;
}

std::int64_t open_files() {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                         std::filesystem::directory_iterator{});
}

struct Sample {
    std::int64_t resident = 0;
    std::int64_t files = 0;
    std::int64_t database = 0;
    std::int64_t observations = 0;  // those that gave way to a later fact too
    std::int64_t ticks = 0, polls = 0, blocks = 0;
    [[nodiscard]] double explained() const {
        return kObservationBytes * static_cast<double>(observations) +
               kTickBytes * static_cast<double>(ticks) + kPollBytes * static_cast<double>(polls) +
               kBlockBytes * static_cast<double>(blocks);
    }
};

Sample sample(const std::filesystem::path& file) {
    SQLite::Database db(file.string(), SQLite::OPEN_READONLY);
    const auto ask = [&](const char* sql) { return db.execAndGet(sql).getInt64(); };
    Sample s;
    s.resident = resident_bytes();
    s.files = open_files();
    s.database = ask("PRAGMA page_count") * ask("PRAGMA page_size");
    s.observations =
        ask("SELECT (SELECT COUNT(*) FROM observations) + (SELECT COUNT(*) FROM "
            "observations_superseded)");
    s.ticks = ask("SELECT COUNT(*) FROM prices");
    s.polls = ask("SELECT COUNT(*) FROM polls");
    s.blocks = ask("SELECT COUNT(*) FROM blocks");
    return s;
}

/// Minutes of a day, the few around midnight left out, that have no observation although two
/// exchanges had answered just before.
std::int64_t unexplained_gaps(const ingest::Storm& storm, const std::filesystem::path& file,
                              UtcSeconds day) {
    SQLite::Database db(file.string(), SQLite::OPEN_READONLY);
    std::set<std::int64_t> observed;
    SQLite::Statement all(db, "SELECT time_s FROM observations WHERE time_s > ? ORDER BY time_s");
    all.bind(1, static_cast<std::int64_t>(domain::unix_s(day)));
    while (all.executeStep()) observed.insert(all.getColumn(0).getInt64());
    std::int64_t count = 0;
    // on the first day the chain is not there at once
    const std::int64_t begin = domain::unix_s(day) + (day == kBegin ? 3600 : 180);
    for (std::int64_t t = begin; t <= domain::unix_s(day + kDay) - 180; t += 60) {
        int heard = 0;
        for (const char* exchange : {"coinbase", "bitstamp", "gemini"}) {
            const auto& served = storm.weather.served.at(exchange);
            heard += served.contains(domain::utc(t - 60)) || served.contains(domain::utc(t - 120));
        }
        if (heard >= 2 && !observed.contains(t)) ++count;
    }
    return count;
}

void forget_what_the_test_itself_keeps(ingest::Storm& storm) {
    storm.weather.requests.clear();
    storm.weather.served.clear();
    storm.upstream.forget_hits();
    storm.clock.forget_naps();
}

TEST(Soak, ThirtyDaysLeaveMemoryAndDescriptorsAsTheyWereAndNoGapUnexplained) {
    const test::TempDir dir;
    const auto file = dir.path() / "h.db";
    ingest::Storm::Cast cast;
    cast.start = kBegin;
    cast.database = file;
    ingest::Storm storm(cast);
    Readers readers(file, storm.clock);
    storm.weather.faults = 0.1;
    std::vector<Sample> days;

    for (int day = 1; day <= kDays; ++day) {
        storm.play_until(kBegin + day * kDay);
        EXPECT_EQ(unexplained_gaps(storm, file, kBegin + (day - 1) * kDay), 0) << "day " << day;
        forget_what_the_test_itself_keeps(storm);
        days.push_back(sample(file));
        const Sample& s = days.back();
        std::printf("day %2d: resident %.2f MB, %ld files, database %.2f MB (%.2f by arithmetic)\n",
                    day, static_cast<double>(s.resident) / kMega, static_cast<long>(s.files),
                    static_cast<double>(s.database) / kMega, s.explained() / kMega);
        std::fflush(stdout);
    }

    const Sample& warm = days[kWarmUpDays];
    const Sample& last = days.back();
    std::printf("rows: %ld observations, %ld ticks, %ld polls, %ld blocks; %ld answers read\n",
                static_cast<long>(last.observations), static_cast<long>(last.ticks),
                static_cast<long>(last.polls), static_cast<long>(last.blocks),
                static_cast<long>(readers.answers));
    EXPECT_LE(last.resident, warm.resident + kMega);
    EXPECT_LE(last.files, warm.files + 2) << "a dashboard's connection may just be open";
    const double grown = static_cast<double>(last.database - warm.database);
    EXPECT_NEAR(grown / (last.explained() - warm.explained()), 1.0, 0.1);
    EXPECT_GT(last.observations, kDays * 1400);
    EXPECT_EQ(readers.failures, 0);
    EXPECT_GT(readers.answers, 1'000);
}

}  // namespace
}  // namespace hashprice::proof
