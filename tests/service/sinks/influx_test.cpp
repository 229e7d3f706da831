// A store gets every point as it stands, whatever happens on the way.
#include "service/sinks/influx.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <map>
#include <sstream>

#include "storage/observations.hpp"
#include "tests/service/notify/fake_http.hpp"
#include "tests/support/process.hpp"
#include "tests/support/sim_clock.hpp"

namespace hashprice::service::sinks {
namespace {

using domain::Observation;
using domain::UtcSeconds;
using notify::FakeHttp;
using notify::header;
using storage::Access;
using storage::Database;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const UtcSeconds kStart = domain::utc(1'763'164'800);  // 2025-11-15T00:00:00Z

std::string unpacked(const std::string& gzip) {
    std::string out(1U << 22U, '\0');
    z_stream stream{};
    EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(gzip.data()));
    stream.avail_in = static_cast<uInt>(gzip.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    out.resize(stream.total_out);
    inflateEnd(&stream);
    return out;
}

class InfluxTest : public testing::Test {
protected:
    void SetUp() override {
        db = std::make_unique<Database>(*Database::open(file(), Access::write));
        register_again();
        http.answer = [this](const ingest::HttpRequest& r) { return store(r); };
        start();
    }
    [[nodiscard]] std::filesystem::path file() const { return dir.path() / "x.db"; }
    void register_again() {
        ASSERT_TRUE(
            storage::in_transaction(*db, [&] { return storage::register_sinks(*db, {"vm"}); }));
    }
    void start(int most = 100) {
        influx.emplace(Influx::Options{.name = "vm",
                                       .database = file(),
                                       .url = "http://store.test/write?db=x",
                                       .token = "secret",
                                       .scheme = "Token",
                                       .most = most},
                       http, clock, [this](bool bad, const std::string& what) {
                           said.push_back((bad ? "bad " : "good ") + what);
                       });
    }
    void observe(int first, int count, double usd) {
        std::vector<Observation> all;
        for (int i = first; i < first + count; ++i) {
            all.push_back({.time = kStart + i * domain::kMinute,
                           .span = domain::kMinute,
                           .height = 923'800,
                           .bits = domain::Bits{0x1701d936},
                           .fee_sum = domain::Satoshi{144'000},
                           .fee_blocks = 144,
                           .price_usd = 95'555.28,
                           .usd_per_ph_day = usd + i,
                           .sat_per_ph_day = 41'000});
        }
        ASSERT_TRUE(storage::in_transaction(*db, [&]() -> domain::Status {
            return storage::replace_observations(
                       *db, kStart + first * domain::kMinute - domain::seconds{1}, all.back().time,
                       all, clock.now())
                .map([](const auto&) {});
        }));
    }
    /// A store that keeps, like all of them, the last value of a point.
    FakeHttp::Answer store(const ingest::HttpRequest& request) {
        if (static_cast<int>(refuse_above) < lines_of(request))
            return ingest::HttpResponse{413, "", {}};
        std::istringstream lines(unpacked(request.body));
        for (std::string line; std::getline(lines, line);) {
            const auto end = line.rfind(' ');
            const auto begin = line.find("usd_per_ph_day=") + 15;
            points[std::stoll(line.substr(end + 1))] = std::stod(line.substr(begin));
        }
        return ingest::HttpResponse{204, "", {}};
    }
    static int lines_of(const ingest::HttpRequest& request) {
        const std::string text = unpacked(request.body);
        return static_cast<int>(std::ranges::count(text, '\n'));
    }
    void expect_store_equals_database() {
        const auto all =
            *storage::observations_between(*db, UtcSeconds{}, kStart + 365 * domain::kDay);
        ASSERT_EQ(points.size(), all.size());
        for (const auto& kept : all) {
            EXPECT_EQ(points[domain::unix_s(kept.observation.time) * 1'000'000'000],
                      kept.observation.usd_per_ph_day);
        }
    }

    test::TempDir dir;
    fake::SimClock clock{kStart};
    FakeHttp http;
    std::map<std::int64_t, double> points;
    double refuse_above = 1e9;
    std::unique_ptr<Database> db;
    std::optional<Influx> influx;
    std::vector<std::string> said;
};

TEST_F(InfluxTest, HistoryFlowsInBatchesAndThenOnlyWhatIsNew) {
    observe(0, 250, 40);
    influx->round({});
    EXPECT_THAT(http.asked, SizeIs(3));
    expect_store_equals_database();

    observe(250, 1, 40);
    influx->round({});
    EXPECT_THAT(http.asked, SizeIs(4));
    EXPECT_EQ(lines_of(http.asked.back()), 1);
    influx->round({});
    EXPECT_THAT(http.asked, SizeIs(4));
    expect_store_equals_database();
}

TEST_F(InfluxTest, ALineIsWhatTheStoresDocument) {
    observe(0, 1, 39.676822);
    influx->round({});
    // difficulty of 0x1701d936: 0xffff / 0x01d936 * 256^(29 - 23), as METHOD section 1 says
    EXPECT_THAT(unpacked(http.asked.at(0).body),
                testing::AllOf(testing::StartsWith("hashprice usd_per_ph_day=39.676822,"),
                               HasSubstr("btc_price_index_usd=95555.28,"),
                               HasSubstr("block_fee_sat_mean=1000,chain_height=923800i "),
                               testing::EndsWith(" 1763164800000000000\n")));
    EXPECT_EQ(header(http.asked.at(0), "Content-Encoding"), "gzip");
    EXPECT_EQ(header(http.asked.at(0), "Authorization"), "Token secret");
}

TEST_F(InfluxTest, ARevisionOverwritesAndABackfillFlows) {
    observe(0, 100, 40);
    influx->round({});
    observe(20, 5, 41);
    observe(-5000, 200, 50);

    influx->round({});

    expect_store_equals_database();
}

TEST_F(InfluxTest, WhereTheLastOfASecondIsKeptARevisionComesAMillisecondLater) {
    influx.emplace(Influx::Options{.name = "vm", .database = file(), .by_version = true}, http,
                   clock, Influx::Say{});
    observe(0, 1, 40);
    influx->round({});
    observe(0, 1, 39);
    influx->round({});
    observe(0, 1, 41);
    influx->round({});

    EXPECT_EQ(points, (std::map<std::int64_t, double>{{1'763'164'799'001'000'000, 40.0},
                                                      {1'763'164'799'002'000'000, 39.0},
                                                      {1'763'164'799'003'000'000, 41.0}}));
}

TEST_F(InfluxTest, AStoreThatIsAwayLosesNothingAndIsAskedLessAndLess) {
    observe(0, 250, 40);
    http.always(503);
    const UtcSeconds end = clock.now() + domain::kDay;
    while (clock.now() < end) clock.advance(influx->round({}));
    EXPECT_LT(http.asked.size(), 1200U);  // 5 min at most between two
    EXPECT_THAT(said, SizeIs(1));
    EXPECT_THAT(said.front(), HasSubstr("it answered 503"));
    EXPECT_EQ(storage::sinks(*db)->front().ranges, 1);

    http.answer = [this](const ingest::HttpRequest& r) { return store(r); };
    influx->round({});

    expect_store_equals_database();
    EXPECT_THAT(said, SizeIs(2));
}

TEST_F(InfluxTest, ABatchThatIsTooLargeIsHalvedUntilItFits) {
    start(1000);
    refuse_above = 150;
    observe(0, 600, 40);
    influx->round({});
    expect_store_equals_database();
    EXPECT_THAT(said, IsEmpty());
}

TEST_F(InfluxTest, AStoreThatLostEverythingIsFilledAgain) {
    observe(0, 250, 40);
    influx->round({});
    points.clear();

    ASSERT_TRUE(storage::in_transaction(*db, [&] {
        return storage::owe(*db, "vm", kStart - domain::kDay, kStart + domain::kDay);
    }));
    influx->round({});

    expect_store_equals_database();
}

TEST_F(InfluxTest, AKillBetweenAnyTwoStepsLosesNothing) {
    for (const int cut : {0, 1, 2}) {
        SCOPED_TRACE(cut);
        observe(1000 * cut, 250, 40 + cut);
        int answered = 0;
        http.answer = [&](const ingest::HttpRequest& r) {
            if (answered++ == cut) throw cut;  // the process is gone, its part on the way
            return store(r);
        };
        EXPECT_THROW(influx->round({}), int);
        http.answer = [this](const ingest::HttpRequest& r) { return store(r); };
        register_again();
        start();
        influx->round({});
        expect_store_equals_database();
    }
}

}  // namespace
}  // namespace hashprice::service::sinks
