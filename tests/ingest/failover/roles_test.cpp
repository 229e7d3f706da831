#include <gmock/gmock.h>

#include "domain/observation.hpp"
#include "storage/role_changes.hpp"
#include "tests/ingest/live/rehearsal.hpp"
#include "tests/ingest/live/stage.hpp"

namespace hashprice::ingest {
namespace {

using domain::Errc;
using domain::Error;
using storage::RoleChange;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

class Roles : public Stage {
protected:
    Roles() {
        notices.role = [this](const RoleChange& change) { told.push_back(change); };
        // the newest block is some minutes old
        for (ScriptedChain* chain : {&mempool, &esplora}) chain->lay(925'254, 925'274);
        esplora.with_fees = false;
        esplora.lay(925'254, 925'274);
    }
    /// "role=source" of every stored change, oldest first.
    std::vector<std::string> stored() {
        std::vector<std::string> all;
        const auto kept =
            db([](storage::Database& d) { return storage::role_changes(d, 100); }).value();
        for (const RoleChange& c : kept) all.insert(all.begin(), c.role + "=" + c.source);
        return all;
    }
    std::unique_ptr<BlockPoller> both() { return poller({&mempool, &esplora}); }

    ScriptedChain mempool;
    ScriptedChain esplora{"esplora"};
    std::vector<RoleChange> told;
};

TEST_F(Roles, TheFirstThatWorksPlaysThem) {
    play(*both(), 10min);
    EXPECT_THAT(stored(), ElementsAre("chain=mempool", "fees=mempool"));
    EXPECT_EQ(told.size(), 2U);
}

TEST_F(Roles, TheNextOneTakesOverAndTheFirstComesBackEachSwitchStoredAndToldOnce) {
    const auto p = both();
    play(*p, 5min);

    mempool.error = Error{Errc::timeout, "mempool.space: no answer within 10 s"};
    esplora.lay(925'254, 925'275);
    play(*p, 30min);
    EXPECT_THAT(stored(), ElementsAre("chain=mempool", "fees=mempool", "chain=esplora", "fees="));
    EXPECT_THAT(told[2].reason, HasSubstr("no answer within 10 s"));
    EXPECT_EQ(stored_tip(), 925'275);

    mempool.error.reset();
    mempool.lay(925'254, 925'276);
    esplora.lay(925'254, 925'276);
    play(*p, 30min);
    EXPECT_THAT(stored(), ElementsAre("chain=mempool", "fees=mempool", "chain=esplora",
                                      "fees=", "chain=mempool", "fees=mempool"));
    const auto filled =
        db([](storage::Database& d) { return storage::block_at(d, 925'275); }).value();
    EXPECT_TRUE(filled->fact.fees) << "what came without fees got them";
    EXPECT_EQ(told.size(), 6U);
}

TEST_F(Roles, WithNobodyLeftThatIsSaidOnce) {
    const auto p = both();
    play(*p, 5min);
    mempool.error = esplora.error = Error{Errc::network, "no route"};
    play(*p, 2h);
    EXPECT_THAT(stored(), ElementsAre("chain=mempool", "fees=mempool", "chain=", "fees="));
}

TEST_F(Roles, OneThatIsLeftIsProbedSeldom) {
    const auto p = both();
    mempool.error = Error{Errc::network, "no route"};
    int asked = 0;
    notices.source = {};
    const auto before = db([](storage::Database& d) { return storage::source_health(d); }).value();
    play(*p, 6h);
    const auto after = db([](storage::Database& d) { return storage::source_health(d); }).value();
    for (const auto& source : after) {
        if (source.name == "mempool") asked = static_cast<int>(source.polls_failed);
    }
    EXPECT_TRUE(before.empty());
    // 2 failures, rests of up to 30 s, 1, 2, 4, 8 min, then 15 min and at least half of that
    EXPECT_GE(asked, 24);
    EXPECT_LE(asked, 56);
}

TEST_F(Roles, AFrozenFeedIsFoundByTheAgeOfItsTipAndPassedOverUntilItMovesOn) {
    const auto p = both();
    play(*p, 5min);
    // mempool answers on, and its tip stands still; esplora has the blocks of the next hours
    for (int hour = 1; hour <= 3; ++hour) {
        esplora.lay(925'254, 925'274 + 6 * hour);
        play(*p, 1h);
    }
    EXPECT_GE(stored_tip(), 925'286);
    EXPECT_THAT(stored(), ElementsAre("chain=mempool", "fees=mempool", "chain=esplora", "fees="));

    mempool.lay(925'254, 925'293);
    esplora.lay(925'254, 925'293);
    play(*p, 30min);
    EXPECT_EQ(stored().back(), "fees=mempool");
    EXPECT_EQ(stored_tip(), 925'293);
}

TEST_F(Roles, AnHourWithoutABlockIsNobodysFault) {
    const auto p = both();
    play(*p, 3h);
    EXPECT_THAT(stored(), ElementsAre("chain=mempool", "fees=mempool"));
    EXPECT_TRUE(changes.empty());
}

TEST_F(Roles, ARestartIsNoSwitch) {
    play(*both(), 5min);
    play(*both(), 5min);
    EXPECT_EQ(stored().size(), 2U);
    EXPECT_EQ(told.size(), 2U);
}

// --- against real HTTP ---------------------------------------------------------------------------

TEST(WithoutMempool, DifficultyComesFromEsploraAndFeesByTheDegradedRuleUntilItIsBack) {
    Rehearsal r;
    r.play_for(30min);
    r.upstream.order({.prefix = "/mempool", .kind = fake::FaultKind::close});
    r.play_for(3h);
    const auto during = r.observations(r.clock.now() - 2min, r.clock.now());
    const std::int64_t reached = r.stored_tip();

    ASSERT_FALSE(during.empty());
    EXPECT_EQ(during.back().height, reached);
    EXPECT_NE(during.back().flags & domain::kFeeWindowOld, 0U);
    EXPECT_EQ(during.back().fee_blocks, 144) << "the newest complete window, nothing invented";

    r.upstream.heal();
    r.play_for(1h);
    const auto after = r.observations(during.back().time - 1s, during.back().time);
    ASSERT_EQ(after.size(), 1U);
    EXPECT_EQ(after[0].flags & domain::kFeeWindowOld, 0U) << "revised once the fees are known";
    EXPECT_EQ(after[0].height, reached);
}

}  // namespace
}  // namespace hashprice::ingest
