#include "tests/ingest/truth/fixture.hpp"

namespace hashprice::ingest {
namespace {

const std::vector<std::string> kExchanges{"coinbase", "kraken", "bitstamp"};

/// A chain under two hours of prices: one tick a minute from each exchange, as `usd` says.
class Market : public House {
public:
    Market() { take_blocks(blocks(kHeight - 200, kHeight + 40)); }

    /// Minute by minute, as the live grid hears them.
    template <class Usd>
    void run(int from_minute, int to_minute, const Usd& usd) {
        for (int minute = from_minute; minute < to_minute; ++minute) {
            const UtcSeconds t = kMidnight + minute * domain::kMinute;
            for (const std::string& exchange : kExchanges) {
                FactBatch batch{.source = exchange, .fetched_at = t};
                batch.prices.push_back(tick(t, usd(exchange, minute)));
                take(batch, t);
            }
        }
    }
    domain::Observation at(int minute) {
        const UtcSeconds t = kMidnight + minute * domain::kMinute;
        const auto found = *storage::observations_between(db, t - seconds{1}, t);
        EXPECT_EQ(found.size(), 1U);
        return found.empty() ? domain::Observation{} : found[0].observation;
    }
    std::uint64_t bit(const std::string& name) { return std::uint64_t{1} << source(name); }
    std::uint64_t all() { return bit("coinbase") | bit("kraken") | bit("bitstamp"); }
};

constexpr double kUsual = 95'500.0;

TEST(PriceTruth, AnOutlierCountsInNoIndexWhileItDisagreesAndAgainWhenItAgrees) {
    for (const double factor : {1.031, 1.5, 100.0, 0.969, 0.5, 0.0001}) {
        SCOPED_TRACE(factor);
        Market market;
        market.run(0, 30, [&](const std::string& exchange, int minute) {
            const bool off = exchange == "kraken" && minute >= 10 && minute < 20;
            return off ? kUsual * factor : kUsual;
        });
        for (int minute = 0; minute < 30; ++minute) {
            const bool off = minute >= 10 && minute < 20;
            EXPECT_EQ(market.at(minute).price_sources,
                      off ? market.all() & ~market.bit("kraken") : market.all())
                << minute;
            EXPECT_DOUBLE_EQ(market.at(minute).price_usd, kUsual) << minute;
        }
    }
}

TEST(PriceTruth, WithinThreePercentOfTheMedianEveryoneCounts) {
    Market market;
    market.run(0, 3, [](const std::string& exchange, int) {
        return exchange == "kraken" ? kUsual * 1.0299 : kUsual;
    });
    EXPECT_EQ(market.at(2).price_sources, market.all());
    EXPECT_NEAR(market.at(2).price_usd, kUsual * (3 + 0.0299) / 3, 1e-6);
}

TEST(PriceTruth, ACrashThatAllSourcesSeePassesAtOnce) {
    Market market;
    const auto falling = [](const std::string& exchange, int minute) {
        const double part = std::min(minute, 60) / 60.0;  // 15 % within an hour
        const double own = exchange == "kraken" ? 1.001 : exchange == "bitstamp" ? 0.999 : 1.0;
        return kUsual * (1.0 - 0.15 * part) * own;
    };
    market.run(0, 75, falling);
    for (int minute = 0; minute < 75; ++minute) {
        EXPECT_EQ(market.at(minute).price_sources, market.all()) << minute;
        EXPECT_EQ(market.at(minute).flags & domain::kDegradedFlags, 0U) << minute;
        EXPECT_NEAR(market.at(minute).price_usd, falling("coinbase", minute), 1e-3) << minute;
    }
}

TEST(PriceTruth, ACrashFromOneMinuteToTheNextPassesAsSoonAsTheSecondSourceSeesIt) {
    Market market;
    market.run(0, 10, [](const std::string& exchange, int minute) {
        const int seen = exchange == "coinbase" ? 5 : exchange == "kraken" ? 6 : 7;
        return minute >= seen ? kUsual * 0.85 : kUsual;
    });
    EXPECT_DOUBLE_EQ(market.at(4).price_usd, kUsual);
    EXPECT_DOUBLE_EQ(market.at(5).price_usd, kUsual) << "one voice against two";
    EXPECT_DOUBLE_EQ(market.at(6).price_usd, kUsual * 0.85) << "two voices against one";
    EXPECT_EQ(market.at(6).price_sources, market.all() & ~market.bit("bitstamp"));
    EXPECT_EQ(market.at(7).price_sources, market.all());
}

TEST(PriceTruth, AFrozenFeedStopsCountingWhenItsOwnTimeIsTooOld) {
    Market market;
    for (int minute = 0; minute < 12; ++minute) {
        const UtcSeconds t = kMidnight + minute * domain::kMinute;
        for (const std::string& exchange : kExchanges) {
            FactBatch batch{.source = exchange, .fetched_at = t};
            // kraken answers every minute, with the price of minute 3 from then on
            const UtcSeconds own =
                exchange == "kraken" ? std::min(t, kMidnight + 3 * domain::kMinute) : t;
            batch.prices.push_back(tick(own, kUsual));
            market.take(batch, t);
        }
    }
    EXPECT_EQ(market.at(7).price_sources, market.all()) << "4 min old, max_age is 5";
    EXPECT_EQ(market.at(8).price_sources, market.all() & ~market.bit("kraken"));
}

}  // namespace
}  // namespace hashprice::ingest
