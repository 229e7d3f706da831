#include <gmock/gmock.h>

#include "ingest/live/comparison_poller.hpp"
#include "storage/comparisons.hpp"
#include "storage/observations.hpp"
#include "tests/ingest/live/stage.hpp"

namespace hashprice::ingest {
namespace {

using ::testing::SizeIs;
using namespace std::chrono_literals;

class ScriptedFigures final : public Source, public ComparisonSource {
public:
    ScriptedFigures()
        : Source({.name = "braiins", .kind = "braiins", .base_url = "http://127.0.0.1:1"}) {}
    [[nodiscard]] const ComparisonSource* comparison() const override { return this; }
    domain::Result<std::vector<PublishedHashprice>> published(Visit& visit) const override {
        ++asked;
        if (error) return tl::unexpected(*error);
        return std::vector<PublishedHashprice>{{visit.now - age, 40.0}};
    }
    mutable int asked = 0;
    seconds age{0};
    std::optional<domain::Error> error;
};

class Comparisons : public Stage {
protected:
    /// Ours: 38 USD at `t`.
    void observe(UtcSeconds t) {
        domain::Observation o;
        o.time = t;
        o.span = 60s;
        o.bits = domain::Bits{0x1701d936};
        o.fee_blocks = 144;
        o.price_usd = 90'000;
        o.usd_per_ph_day = 38.0;
        o.sat_per_ph_day = 42'000;
        db([&](storage::Database& d) {
            EXPECT_TRUE(storage::replace_observations(d, t - 1s, t, std::array{o}, t));
        });
    }
    auto kept() {
        return db([&](storage::Database& d) {
                   return storage::comparisons_between(d, domain::utc(0), clock.now() + 1s);
               })
            .value();
    }
    ScriptedFigures braiins;
    ComparisonPoller poller{braiins, std::make_unique<NoTransport>(), around()};
};

TEST_F(Comparisons, TheDifferenceIsTheirsLessOurs) {
    observe(clock.now() - 3min);
    poller.round({});
    ASSERT_THAT(kept(), SizeIs(1));
    EXPECT_EQ(kept()[0].source, "braiins");
    EXPECT_DOUBLE_EQ(kept()[0].difference(), 2.0);
    EXPECT_NEAR(kept()[0].ratio(), 2.0 / 38.0, 1e-12);
    EXPECT_EQ(kept()[0].ours_time, clock.now() - 3min);
}

TEST_F(Comparisons, WithoutOursOfTheSameTimeThereIsNothingToCompare) {
    observe(clock.now() - 11min);
    poller.round({});
    EXPECT_THAT(kept(), SizeIs(0));
    braiins.age = 5min;
    poller.round({});
    EXPECT_THAT(kept(), SizeIs(1)) << "theirs is of 6 min after ours";
}

TEST_F(Comparisons, TheyAreAskedOnceAnHourAndNoOftenerWhenTheyFail) {
    play(poller, 24h);
    EXPECT_GE(braiins.asked, 24);
    EXPECT_LE(braiins.asked, 27);

    braiins.error = domain::Error{domain::Errc::network, "no route"};
    braiins.asked = 0;
    play(poller, 24h);
    // at most 0.1 requests a second on average where no limit is published; here far less
    EXPECT_LE(braiins.asked, 24 * 12);
    EXPECT_THAT(changes, SizeIs(1)) << "said once";
}

TEST_F(Comparisons, NoObservationIsTouchedByThem) {
    observe(clock.now() - 3min);
    const auto before = counts();
    poller.round({});
    const auto after = counts();
    EXPECT_EQ(after.observations, before.observations);
    EXPECT_EQ(after.superseded, before.superseded);
    EXPECT_EQ(after.prices, 0);
}

}  // namespace
}  // namespace hashprice::ingest
