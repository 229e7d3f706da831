#include <gmock/gmock.h>

#include "storage/cool_downs.hpp"
#include "tests/ingest/live/rehearsal.hpp"
#include "tests/support/process.hpp"

namespace hashprice::ingest {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;
using namespace std::chrono_literals;

class CoolDowns : public testing::Test {
protected:
    static Rehearsal::Setting on_disk(const test::TempDir& dir) {
        Rehearsal::Setting setting;
        setting.exchanges = {"coinbase"};
        setting.chain = {"mempool"};
        setting.database = (dir.path() / "hashprice.db").string();
        return setting;
    }
    static auto standing(Rehearsal& r) {
        return r.db([&](storage::Database& d) { return storage::cool_downs(d, r.clock.now()); })
            .value();
    }
};

TEST_F(CoolDowns, AreKeptToAcrossARestart) {
    const test::TempDir dir;
    Rehearsal r(on_disk(dir));
    r.play_for(5min);
    r.upstream.order({.prefix = "/coinbase",
                      .kind = fake::FaultKind::status,
                      .amount = 429,
                      .retry_after = "3600"});
    r.play_for(2min);
    const auto asked = r.upstream.requests();
    r.upstream.heal();
    ASSERT_THAT(standing(r), SizeIs(1));
    EXPECT_THAT(standing(r)[0].reason, HasSubstr("429"));

    r.restart();
    r.play_for(50min);
    EXPECT_EQ(r.upstream.requests(), asked) << "the host asked for an hour";
    r.play_for(15min);
    EXPECT_GT(r.upstream.requests(), asked);
    EXPECT_THAT(standing(r), SizeIs(0));
}

TEST_F(CoolDowns, OfAnotherProcessAreKeptToAsWell) {
    const test::TempDir dir;
    Rehearsal r(on_disk(dir));
    r.play_for(5min);
    auto other = storage::Database::open(dir.path() / "hashprice.db", storage::Access::write);
    ASSERT_TRUE(other);
    const std::string host = "127.0.0.1:" + std::to_string(r.upstream.port());
    const auto now = r.clock.now();
    ASSERT_TRUE(storage::note_cool_down(*other, {host, now + 30min, "HTTP 418"}, now));
    const auto asked = r.upstream.requests();

    r.play_for(28min);
    // the wait that each poller had begun already ends with one look
    EXPECT_LE(r.upstream.requests(), asked + 2);
    r.play_for(10min);
    EXPECT_GT(r.upstream.requests(), asked + 5);
}

TEST_F(CoolDowns, TheLaterEndCounts) {
    auto db = *storage::Database::in_memory();
    const auto now = domain::utc(1'763'164'800);
    ASSERT_TRUE(storage::note_cool_down(db, {"a", now + 600s, "first"}, now));
    ASSERT_TRUE(storage::note_cool_down(db, {"a", now + 60s, "second"}, now));
    const auto kept = storage::cool_down_of(db, "a", now);
    ASSERT_TRUE(kept && *kept);
    EXPECT_EQ((*kept)->until, now + 600s);
    EXPECT_EQ((*kept)->reason, "first");
    EXPECT_FALSE(*storage::cool_down_of(db, "a", now + 600s)) << "over";
    EXPECT_FALSE(*storage::cool_down_of(db, "b", now));
}

}  // namespace
}  // namespace hashprice::ingest
