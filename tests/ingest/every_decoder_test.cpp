#include <gtest/gtest.h>

#include <set>

#include "tests/ingest/decoders.hpp"
#include "tests/support/faults.hpp"

/// What holds for every decoder: a damaged body is refused, or says what it said before.
namespace hashprice::ingest {
namespace {

using domain::Errc;
using fake::FaultKind;

class EveryDecoder : public testing::TestWithParam<DecoderCase> {};
INSTANTIATE_TEST_SUITE_P(Bodies, EveryDecoder, testing::ValuesIn(decoder_cases()),
                         [](const auto& c) { return c.param.name; });

TEST_P(EveryDecoder, AcceptsTheBodyAsItIsSent) {
    const auto read = GetParam().decode(payload(GetParam().name));

    ASSERT_TRUE(read) << read.error().what;
    EXPECT_FALSE(read->empty());
}

TEST_P(EveryDecoder, RefusesEveryTruncation) {
    const std::string whole = payload(GetParam().name);
    const std::size_t end = whole.find_last_not_of('\n') + 1;
    for (std::size_t n = 0; n < end; ++n) {
        const auto read = GetParam().decode(whole.substr(0, n));
        ASSERT_FALSE(read) << "cut after " << n << " bytes";
        EXPECT_EQ(read.error().code, Errc::bad_payload);
    }
}

/// Whether the fault leaves nothing of the body that could be read as one.
bool always_fatal(FaultKind kind) {
    static const std::set kFatal{FaultKind::empty,       FaultKind::garbage, FaultKind::html,
                                 FaultKind::depth_bomb,  FaultKind::cut,     FaultKind::huge_number,
                                 FaultKind::not_a_number};
    return kFatal.contains(kind);
}

TEST_P(EveryDecoder, RefusesADamagedBodyOrReadsTheSameFromIt) {
    const std::string whole = payload(GetParam().name);
    const std::string undisturbed = GetParam().decode(whole).value();
    for (const FaultKind kind : fake::all_faults()) {
        if (kind < FaultKind::empty || kind >= FaultKind::frozen) continue;
        SCOPED_TRACE(fake::fault_name(kind));
        const std::string damaged =
            fake::spoiled(kind, whole, static_cast<std::int64_t>(whole.size() / 2));

        const auto read = GetParam().decode(damaged);

        if (read) {
            EXPECT_FALSE(always_fatal(kind));
            EXPECT_EQ(*read, undisturbed);
        } else {
            EXPECT_TRUE(read.error().code == Errc::bad_payload ||
                        read.error().code == Errc::out_of_range)
                << read.error().what;
            EXPECT_EQ(read.error().what.find('\n'), std::string::npos);
        }
    }
}

TEST_P(EveryDecoder, RefusesAnObjectThatIsNotItsOwn) {
    for (const char* body : {"{}", "null", "0", "\"text\"", "[null]", "[[]]", "[{}]", "{\"a\":[]}",
                             "[[null,null,null,null,null,null]]", "true"}) {
        SCOPED_TRACE(body);
        EXPECT_FALSE(GetParam().decode(body));
    }
}

TEST_P(EveryDecoder, RefusesBytesAfterTheBodyAndBadUtf8) {
    const std::string whole = payload(GetParam().name);
    EXPECT_FALSE(GetParam().decode(whole + "]"));
    EXPECT_FALSE(GetParam().decode(whole + "{}"));
    std::string bad = whole;
    bad.insert(bad.find('"') == std::string::npos ? bad.size() / 2 : bad.find('"') + 1, "\xff\xfe");
    EXPECT_FALSE(GetParam().decode(bad));
}

/// Where a refusal is the only right outcome, whatever "the same" may mean.
struct MustRefuse {
    std::string name;
    std::set<FaultKind> kinds;
};
const std::vector<MustRefuse>& must_refuse() {
    using enum FaultKind;
    static const std::set<FaultKind> kRows{duplicate_keys, negative,        zero,
                                           minus_one,      numbers_as_text, milliseconds,
                                           doubled,        reversed,        future};
    static const std::set<FaultKind> kTicker{duplicate_keys, negative, zero, minus_one, future};
    static const auto without = [](std::set<FaultKind> all, std::initializer_list<FaultKind> some) {
        for (const FaultKind kind : some) all.erase(kind);
        return all;
    };
    static const std::vector<MustRefuse> all{
        {"mempool_blocks", kRows},
        {"mempool_epochs", without(kRows, {duplicate_keys})},
        {"mempool_fees", without(kRows, {reversed})},
        {"mempool_day_fees", without(kRows, {reversed})},
        {"mempool_prices", kTicker},
        {"esplora_blocks", kRows},
        {"core_info", {duplicate_keys, negative, minus_one, numbers_as_text, doubled}},
        {"core_blocks", without(kRows, {reversed})},
        {"blockchain_fees", kRows},
        {"blockchain_prices", kRows},
        {"coinbase_ticker", without(kTicker, {duplicate_keys})},
        {"coinbase_candles", without(kRows, {duplicate_keys})},
        {"kraken_ohlc", kRows},
        {"bitstamp_ticker", kTicker},
        {"bitstamp_ohlc", without(kRows, {numbers_as_text})},
        {"gemini_ticker", without(kTicker, {duplicate_keys})},
        {"gemini_candles", without(kRows, {duplicate_keys})},
        {"braiins", {negative, zero, minus_one, numbers_as_text}},
        {"luxor", {duplicate_keys, negative, zero, minus_one, numbers_as_text, doubled, future}}};
    return all;
}

TEST(EveryDecoders, RefusalsOfWhatCannotBeTrueAreNotLeftToChance) {
    for (const MustRefuse& expected : must_refuse()) {
        for (const DecoderCase& c : decoder_cases()) {
            if (c.name != expected.name) continue;
            for (const FaultKind kind : expected.kinds) {
                SCOPED_TRACE(c.name + " " + std::string(fake::fault_name(kind)));
                EXPECT_FALSE(c.decode(fake::spoiled(kind, payload(c.name), 0)));
            }
        }
    }
}

TEST(EveryDecoders, TextForNumbersAndBackIsRefused) {
    for (const char* name :
         {"coinbase_ticker", "kraken_ohlc", "bitstamp_ticker", "bitstamp_ohlc", "gemini_ticker"}) {
        for (const DecoderCase& c : decoder_cases()) {
            if (c.name != name) continue;
            EXPECT_FALSE(c.decode(fake::spoiled(FaultKind::text_as_numbers, payload(name), 0)))
                << name;
        }
    }
}

}  // namespace
}  // namespace hashprice::ingest
