// Which candles an exchange is asked for.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "ingest/sources/source.hpp"
#include "tests/ingest/fetch_test.hpp"

namespace hashprice::ingest {
namespace {

using domain::kDay;
using domain::kMinute;

class CandleLengths : public Fetch {
protected:
    /// In minutes, of all whole ones up to four days.
    std::vector<int> of(const std::string& kind) {
        const auto source = make(kind);
        std::vector<int> all;
        for (int n = 1; n * kMinute <= 4 * kDay; ++n) {
            if (source->price()->candle_offer(n * kMinute)) all.push_back(n);
        }
        return all;
    }
};

TEST_F(CandleLengths, AreThoseOfTheProvidersDocumentation) {
    // docs.cdp.coinbase.com, "Get product candles": granularity
    EXPECT_EQ(of("coinbase"), (std::vector{1, 5, 15, 60, 360, 1440}));
    // docs.kraken.com, "Get OHLC Data": interval; those of a week and more begin on no day of ours
    EXPECT_EQ(of("kraken"), (std::vector{1, 5, 15, 30, 60, 240, 1440}));
    // bitstamp.net/api, "OHLC data": step
    EXPECT_EQ(of("bitstamp"), (std::vector{1, 3, 5, 15, 30, 60, 120, 240, 360, 720, 1440, 4320}));
    // developer.gemini.com, "Candles": time_frame; its days begin in New York
    EXPECT_EQ(of("gemini"), (std::vector{1, 5, 15, 30, 60, 360}));
}

// The same pages, and what they say of how far back: Kraken's newest 720 rows hold the open candle
TEST_F(CandleLengths, ComeAsManyAtOnceAndReachAsFarBackAsTheProvidersSay) {
    const auto offer = [this](const std::string& kind, domain::seconds span) {
        return make(kind)->price()->candle_offer(span).value();
    };
    struct Case {
        const char* kind;
        domain::seconds span;
        int per_request;
        std::int64_t earliest;
        std::optional<domain::seconds> reach;
    };
    for (const Case& c :
         {Case{"coinbase", kMinute, 300, 1'437'350'400, std::nullopt},  // 2015-07-20
          Case{"kraken", kMinute, 719, 0, 719 * kMinute}, Case{"kraken", kDay, 719, 0, 719 * kDay},
          Case{"bitstamp", kMinute, 1000, 1'315'872'000, std::nullopt},  // 2011-09-13
          Case{"gemini", kMinute, 720, 0, 720 * kMinute},
          // points at midnight from 2010-08-18: the close of the day that began on the 17th
          Case{"blockchain_com", kDay, 10'000, 1'282'003'200, std::nullopt}}) {
        SCOPED_TRACE(c.kind);
        EXPECT_EQ(offer(c.kind, c.span).per_request, c.per_request);
        EXPECT_EQ(offer(c.kind, c.span).earliest, domain::utc(c.earliest));
        EXPECT_EQ(offer(c.kind, c.span).reach, c.reach);
    }
    EXPECT_FALSE(make("blockchain_com")->price()->candle_offer(domain::kHour));
}

}  // namespace
}  // namespace hashprice::ingest
