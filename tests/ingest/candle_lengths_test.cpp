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

}  // namespace
}  // namespace hashprice::ingest
