#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <functional>

#include "domain/consensus.hpp"
#include "ingest/sources/source.hpp"
#include "tests/ingest/decoders.hpp"

/// What each provider is asked, to the letter, and what is made of the answer's status. Found by
/// tests/proof/mutate.py: a range that is asked for a second shorter was as good as the right one.
namespace hashprice::ingest {
namespace {

using domain::Errc;
using domain::kDay;
using domain::kHour;
using domain::kMinute;
using domain::Range;
using domain::utc;
using testing::ElementsAre;
using testing::HasSubstr;

/// Writes down what it is asked, and answers with what the test says.
class Recorder final : public HttpTransport {
public:
    domain::Result<HttpResponse> send(const HttpRequest& request, const std::stop_token&) override {
        urls.push_back(request.url);
        bodies.push_back(request.body);
        return answer();
    }
    std::function<domain::Result<HttpResponse>()> answer = [] { return HttpResponse{500, "", {}}; };
    std::vector<std::string> urls;
    std::vector<std::string> bodies;
};

class Requests : public testing::Test {
protected:
    static std::unique_ptr<Source> make(const std::string& kind,
                                        const std::string& base = "http://a.example") {
        SourceOptions options{.name = kind, .kind = kind, .base_url = base};
        options.rpc_user = "user";
        options.rpc_password = "word";
        return make_source(options).value();
    }
    static std::unique_ptr<Source> with_cookie(const std::string& file) {
        return make_source({.name = "node",
                            .kind = "bitcoin_core",
                            .base_url = "http://a.example",
                            .cookie_file = file})
            .value();
    }
    Recorder http_;
    Visit visit_{.http = http_, .now = utc(1'760'169'600), .stop = {}};  // 2025-10-11T08:00Z
    const Range day_{utc(1'760'054'400), utc(1'760'140'800)};            // of 2025-10-10
};

TEST_F(Requests, ForCandlesNameTheFirstAndTheLastOfTheRange) {
    for (const char* kind : {"coinbase", "kraken", "bitstamp", "gemini"}) {
        (void)make(kind)->price()->candles(visit_, day_, kHour);
    }
    (void)make("blockchain_com")->price()->candles(visit_, day_, kDay);
    EXPECT_THAT(
        http_.urls,
        ElementsAre(
            "http://a.example/products/BTC-USD/candles?granularity=3600"
            "&start=2025-10-10T00:00:00Z&end=2025-10-10T23:00:00Z",
            "http://a.example/0/public/OHLC?pair=XBTUSD&interval=60&since=1760054399",
            "http://a.example/api/v2/ohlc/btcusd/?step=3600&limit=24&start=1760054400"
            "&end=1760137200",
            "http://a.example/v2/candles/btcusd/1hr",
            // its point of a midnight is the close of the day before
            "http://a.example/charts/market-price?timespan=2days&start=2025-10-11&format=json"
            "&sampled=false"));
}

TEST_F(Requests, ForCandlesThatAreNotOfferedAreNotSent) {
    const auto coinbase = make("coinbase");
    const auto refused = [&](Range range, domain::seconds span) {
        const auto closes = coinbase->price()->candles(visit_, range, span);
        return !closes && closes.error().code == Errc::usage;
    };
    EXPECT_TRUE(refused(day_, 2 * kHour)) << "no such length";
    EXPECT_TRUE(refused({day_.from + kMinute, day_.to}, kHour));
    EXPECT_TRUE(refused({day_.from, day_.to - kMinute}, kHour));
    EXPECT_TRUE(refused({day_.from + domain::seconds{1}, day_.to}, kHour));
    EXPECT_TRUE(refused({day_.from, day_.to + domain::seconds{1}}, kHour));
    EXPECT_TRUE(refused({day_.to, day_.to}, kHour));
    EXPECT_TRUE(http_.urls.empty());
}

TEST_F(Requests, ForATickOfKrakenReachFifteenMinutesBack) {
    (void)make("kraken")->price()->tick(visit_);
    EXPECT_THAT(http_.urls, ElementsAre("http://a.example/0/public/OHLC?pair=XBTUSD&interval=1"
                                        "&since=1760168699"));
}

TEST_F(Requests, ForFeesPerBlockAreForUpToThreeDaysAndEndASecondBeforeTheRangeDoes) {
    const auto mempool = make("mempool");
    (void)mempool->fees()->block_fees(visit_, day_);
    EXPECT_THAT(http_.urls, ElementsAre("http://a.example/api/v1/mining/blocks/fees"
                                        "?from=1760054400&to=1760140799"));
    (void)mempool->fees()->block_fees(visit_, {day_.from, day_.from + 3 * kDay});
    EXPECT_EQ(http_.urls.size(), 2U);
    for (const Range range :
         {Range{day_.to, day_.to}, Range{day_.from, day_.from + 3 * kDay + domain::seconds{1}}}) {
        const auto rows = mempool->fees()->block_fees(visit_, range);
        ASSERT_FALSE(rows);
        EXPECT_EQ(rows.error().code, Errc::usage);
    }
    EXPECT_EQ(http_.urls.size(), 2U);
}

TEST_F(Requests, ForEpochsFromTheBeginningBeginWithTheFirstBlock) {
    for (const std::int64_t from : {-5, 0, 1}) {
        http_.urls.clear();
        http_.bodies.clear();
        (void)make("bitcoin_core")->chain()->epochs_from(visit_, from);
        http_.answer = [] { return HttpResponse{200, "925939", {}}; };
        (void)make("esplora")->chain()->epochs_from(visit_, from);
        const std::int64_t first = from <= 0 ? 0 : 2016;
        ASSERT_EQ(http_.urls.size(), 3U);
        EXPECT_THAT(
            http_.bodies[0],
            HasSubstr(fmt::format(R"("id":1,"method":"getblockhash","params":[{}])", first)));
        EXPECT_EQ(http_.urls[2], fmt::format("http://a.example/blocks/{}", first));
        const std::int64_t last = first + 199 * domain::kBlocksPerEpoch;  // two hundred at a time
        EXPECT_THAT(
            http_.bodies[0],
            HasSubstr(fmt::format(R"("id":200,"method":"getblockhash","params":[{}])", last)));
        EXPECT_THAT(http_.bodies[0], testing::Not(HasSubstr(R"("id":201,)")));
    }
}

TEST_F(Requests, ForTheNodesFirstBlocksBeginWithBlockZero) {
    (void)make("bitcoin_core")->chain()->blocks_to(visit_, 5);
    ASSERT_EQ(http_.bodies.size(), 1U);
    EXPECT_THAT(http_.bodies[0], HasSubstr(R"("id":1,"method":"getblockhash","params":[0])"));
    EXPECT_THAT(http_.bodies[0], HasSubstr(R"("id":6,"method":"getblockhash","params":[5])"));
    EXPECT_THAT(http_.bodies[0], testing::Not(HasSubstr(R"("id":7,)")));
}

TEST_F(Requests, OfTheNodeCarryTheSettingsLoginWhateverStandsInTheUrl) {
    (void)make("bitcoin_core", "http://o:p@a.example:8332")->chain()->tip_height(visit_);
    (void)make("bitcoin_core", "http://@a.example:8332/w@x")->chain()->tip_height(visit_);
    EXPECT_THAT(http_.urls, ElementsAre("http://user:word@a.example:8332/",
                                        "http://user:word@a.example:8332/w@x/"));
}

class Cookie : public Requests {
public:
    ~Cookie() override { std::remove(file_.c_str()); }

protected:
    void write(const std::string& cookie) const { std::ofstream(file_) << cookie << '\n'; }
    const std::string file_ = testing::TempDir() + "hashprice_cookie_of_requests_test";
};

TEST_F(Cookie, ThatChangedWhileTheNodeRefusedTheOldOneIsTriedOnce) {
    write("__cookie__:aaaa");
    http_.answer = [&] {
        write("__cookie__:bbbb");
        return HttpResponse{401, "", {}};
    };
    const auto tip = with_cookie(file_)->chain()->tip_height(visit_);
    ASSERT_FALSE(tip);
    EXPECT_THAT(http_.urls, ElementsAre("http://__cookie__:aaaa@a.example/",
                                        "http://__cookie__:bbbb@a.example/"));

    http_.urls.clear();
    EXPECT_FALSE(with_cookie(file_)->chain()->tip_height(visit_));
    EXPECT_EQ(http_.urls.size(), 1U) << "it has not changed";
}

TEST_F(Cookie, ThatIsGoneOrNoneIsNotTriedAgain) {
    write("__cookie__:aaaa");
    http_.answer = [&] {
        std::remove(file_.c_str());
        return HttpResponse{401, "", {}};
    };
    const auto gone = with_cookie(file_)->chain()->tip_height(visit_);
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().code, Errc::http_status);
    EXPECT_EQ(http_.urls.size(), 1U);

    write("no colon");
    const auto none = with_cookie(file_)->chain()->tip_height(visit_);
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, Errc::config);
    EXPECT_EQ(http_.urls.size(), 1U);
}

TEST_F(Requests, ThatAnotherErrorEndedAreNotRepeated) {
    http_.answer = [] { return HttpResponse{403, "", {}}; };
    EXPECT_FALSE(make("bitcoin_core")->chain()->tip_height(visit_));
    EXPECT_EQ(http_.urls.size(), 1U);
}

TEST_F(Requests, KrakensComplaintOfTooManyCountsAsStatus429) {
    const auto status_after = [&](const std::string& body) {
        http_.answer = [body] { return HttpResponse{200, body, {}}; };
        (void)make("kraken")->price()->candles(visit_, day_, kHour);
        return visit_.status;
    };
    EXPECT_EQ(status_after(payload("kraken_error")), 429);
    EXPECT_EQ(status_after(R"({"error":["EAPI:Rate limit exceeded"]})"), 429);
    EXPECT_EQ(status_after(R"({"error":["EQuery:Unknown asset pair"]})"), 200);
    EXPECT_EQ(status_after(payload("kraken_ohlc")), 200);
}

TEST_F(Requests, ThatGotNoAnswerHaveNoStatus) {
    visit_.status = 200;  // of the one before
    http_.answer = [] { return domain::fail(Errc::network, "no way there"); };
    EXPECT_FALSE(make("coinbase")->price()->tick(visit_));
    EXPECT_EQ(visit_.status, 0);
    EXPECT_EQ(visit_.requests, 1);
}

TEST_F(Requests, ForTheFeesOfDaysGiveTheDaysThatEndInTheRangeAndAreOver) {
    // ends at midnight of 2025-07-02, 07-03 and 07-04
    http_.answer = [] { return HttpResponse{200, payload("blockchain_fees"), {}}; };
    const domain::UtcSeconds second = utc(1'751'414'400);
    const auto ends = [&](Range range) {
        std::vector<domain::UtcSeconds> all;
        const auto days = make("blockchain_com")->fees()->day_fees(visit_, range);
        EXPECT_TRUE(days) << days.error().what;
        for (const DayFees& day : days.value()) all.push_back(day.end);
        return all;
    };
    EXPECT_THAT(ends({second, second + kDay}), ElementsAre(second + kDay));
    EXPECT_EQ(http_.urls.back(),
              "http://a.example/charts/transaction-fees?timespan=2days&start=2025-07-02"
              "&format=json&sampled=false");
    EXPECT_THAT(ends({second - kDay, second + 3 * kDay}),
                ElementsAre(second, second + kDay, second + 2 * kDay));
    visit_.now = second + 2 * kDay - domain::seconds{1};
    EXPECT_THAT(ends({second - kDay, second + 3 * kDay}), ElementsAre(second, second + kDay));
    visit_.now = second + 2 * kDay;
    EXPECT_THAT(ends({second - kDay, second + 3 * kDay}).size(), 3U);
}

}  // namespace
}  // namespace hashprice::ingest
