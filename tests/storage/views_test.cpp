#include <fmt/format.h>

#include <map>
#include <regex>
#include <set>

#include "storage/observations.hpp"
#include "storage/polls.hpp"
#include "tests/storage/fixture.hpp"
#include "tests/support/process.hpp"

namespace hashprice::storage {
namespace {

using ::testing::ElementsAre;
using Columns = std::vector<std::string>;

const Columns kBarColumns{"time",     "usd_open", "usd_high", "usd_low",   "usd_close", "usd_mean",
                          "sat_open", "sat_high", "sat_low",  "sat_close", "sat_mean",  "coverage"};

class Views : public Stored {
protected:
    Columns columns_of(const std::string& view) {
        Columns names;
        SQLite::Statement info(db.connection().db, "SELECT name FROM pragma_table_info(?)");
        info.bind(1, view);
        while (info.executeStep()) names.push_back(info.getColumn(0).getString());
        return names;
    }
    std::set<std::string> views() {
        std::set<std::string> names;
        SQLite::Statement all(db.connection().db,
                              "SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name");
        while (all.executeStep()) names.insert(all.getColumn(0).getString());
        return names;
    }
};

/// What docs/sql.md promises: "### `v_x`", then a table whose first cells name columns.
std::map<std::string, Columns> documented() {
    std::istringstream lines(test::read_file(HP_SOURCE_DIR "/docs/sql.md"));
    std::map<std::string, Columns> views;
    Columns* columns = nullptr;
    const std::regex heading("^### `(v_[a-z_]+)`.*");
    const std::regex row(R"(^\| `([a-z_0-9`, ]+)` \|.*)");
    for (std::string line; std::getline(lines, line);) {
        std::smatch found;
        if (std::regex_match(line, found, heading)) {
            columns = &views[found[1]];
        } else if (columns != nullptr && std::regex_match(line, found, row)) {
            const std::string cell = found[1];
            const std::regex name("[a-z_0-9]+");
            for (std::sregex_iterator it(cell.begin(), cell.end(), name), end; it != end; ++it)
                columns->push_back(it->str());
        }
    }
    return views;
}

TEST_F(Views, HoldTheColumnsTheyPromise) {
    const std::map<std::string, Columns> promised{
        {"v_hashprice",
         {"time", "usd_per_ph_day", "sat_per_ph_day", "price_usd", "difficulty", "height",
          "subsidy_sat", "fee_sat_mean", "fee_window", "span_s", "stale", "degraded",
          "recorded_at"}},
        {"v_hashprice_hourly", kBarColumns},
        {"v_hashprice_daily", kBarColumns},
        {"v_inputs_difficulty", {"time", "height", "bits", "difficulty", "source", "fetched_at"}},
        {"v_inputs_fees",
         {"time", "height", "blocks", "fee_sat_sum", "fee_sat_mean", "fee_window", "source",
          "fetched_at"}},
        {"v_inputs_price", {"time", "source", "span_s", "price_usd", "fetched_at"}},
        {"v_gaps", {"time", "end_time", "seconds"}},
        {"v_sources",
         {"source", "last_success_time", "last_failure_time", "polls_ok", "polls_failed",
          "quarantined"}},
    };
    for (const auto& [view, columns] : promised) EXPECT_EQ(columns_of(view), columns) << view;
}

TEST_F(Views, AreAllDocumentedColumnByColumn) {
    auto promised = documented();
    const auto there = views();
    ASSERT_FALSE(there.empty());
    for (const std::string& view : there)
        EXPECT_EQ(promised[view], columns_of(view)) << view << " in docs/sql.md";
}

TEST_F(Views, ComputeDifficultyAndSubsidyAsConsensusDoes) {
    // METHOD's vectors: bits and difficulty as Bitcoin Core prints it, heights around a halving
    struct Case {
        std::uint32_t bits;
        std::int64_t height;
        double difficulty;
        std::int64_t subsidy_sat;
    };
    const std::vector<Case> cases{{0x1d00ffff, 0, 1, 5'000'000'000},
                                  {0x1b0404cb, 839'999, 16307.420938523983, 625'000'000},
                                  {386'521'239, 840'000, 28587155782195.14, 312'500'000},
                                  {0x1701d936, 6'930'000, 152271405447597.38, 0}};
    UtcSeconds t = kMidnight;
    for (const Case& c : cases) {
        domain::Observation o;
        o.time = t;
        o.span = seconds{60};
        o.height = c.height;
        o.bits = domain::Bits{c.bits};
        o.fee_blocks = 144;
        ASSERT_TRUE(replace_observations(db, t - seconds{60}, t, std::vector{o}, kFetched));
        const auto& sqlite = db.connection().db;
        const auto of = [&](const char* column) {
            return fmt::format("SELECT {} FROM v_hashprice WHERE time = {}", column, unix_s(t));
        };
        SQLite::Statement difficulty(sqlite, of("difficulty"));
        SQLite::Statement subsidy(sqlite, of("subsidy_sat"));
        ASSERT_TRUE(difficulty.executeStep() && subsidy.executeStep());
        EXPECT_DOUBLE_EQ(difficulty.getColumn(0).getDouble(), c.difficulty) << c.bits;
        EXPECT_EQ(subsidy.getColumn(0).getInt64(), c.subsidy_sat) << c.height;
        t += seconds{60};
    }
}

TEST_F(Views, NameSourcesAndGiveDollarsNotMicroDollars) {
    record(prices({tick(kMidnight, 95'555)}, "kraken"));
    EXPECT_EQ(ask("SELECT source FROM v_inputs_price"), "kraken");
    EXPECT_EQ(ask("SELECT price_usd FROM v_inputs_price"), "95555.0");
    record(blocks({block(kHeight)}));
    EXPECT_EQ(ask("SELECT source || ' ' || fee_sat_sum || ' ' || fee_window FROM v_inputs_fees"),
              "mempool 1000000 block");
}

TEST_F(Views, MissingFeesAreNotZero) {
    Block b = block(kHeight);
    b.fees.reset();
    record(blocks({b}));
    EXPECT_EQ(ask("SELECT COUNT(*) FROM v_inputs_fees"), "0");
}

TEST_F(Views, ASourceThatWasNeverAskedIsNotListed) {
    EXPECT_EQ(ask("SELECT COUNT(*) FROM v_sources"), "0");
    ASSERT_TRUE(log_poll(db, {"kraken", kMidnight, 12, "ok", "", 3}));
    EXPECT_EQ(ask("SELECT source FROM v_sources"), "kraken");
}

}  // namespace
}  // namespace hashprice::storage
