#include <malloc.h>

#include <fstream>
#include <set>

#include "ingest/import/fields.hpp"
#include "tests/ingest/import/fixture.hpp"

// The file around the values: what a spreadsheet, another system or an accident makes of it.
namespace hashprice::ingest {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::string kTwoDays = "date,close_usd\n2025-11-14,94397.79\n2025-11-15,95555.28\n";

std::vector<domain::Price> prices(const std::string& text) {
    const Imported imported = import(text);
    EXPECT_TRUE(imported.status) << imported.status.error().what;
    return imported.facts.prices;
}

TEST(CsvFile, MayBeWrittenInManyWays) {
    const auto expected = prices(kTwoDays);
    ASSERT_EQ(expected.size(), 2U);
    struct Case {
        const char* given;
        std::string text;
    };
    const std::vector<Case> cases{
        {"a byte-order mark", "\xef\xbb\xbf" + kTwoDays},
        {"Windows line ends", "date,close_usd\r\n2025-11-14,94397.79\r\n2025-11-15,95555.28\r\n"},
        {"double quotes",
         "\"date\",\"close_usd\"\n\"2025-11-14\",\"94397.79\"\n"
         "\"2025-11-15\",\"95555.28\"\n"},
        {"blanks around fields",
         "date , close_usd\n 2025-11-14,\t94397.79\n2025-11-15 ,95555.28\n"},
        {"comments and empty lines",
         "date,close_usd\n# from an archive\n\n2025-11-14,94397.79\n\n2025-11-15,95555.28\n"},
        {"no line end at its end", kTwoDays.substr(0, kTwoDays.size() - 1)},
        {"columns in another order", "close_usd,date\n94397.79,2025-11-14\n95555.28,2025-11-15\n"},
        {"columns that are not known",
         "note,date,volume,close_usd\nx,2025-11-14,1,94397.79\n,2025-11-15,,95555.28\n"},
        {"needless zeros", "date,close_usd\n2025-11-14,94397.790000\n2025-11-15,095555.28\n"},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.given);
        EXPECT_EQ(prices(c.text), expected);
    }
}

TEST(CsvFile, WithAHeaderAloneBringsNothingAndIsFine) {
    EXPECT_TRUE(prices("date,close_usd\n").empty());
}

TEST(CsvFile, WithARowTwiceBringsItTwiceAndStorageKeepsOne) {
    const auto twice = prices(kTwoDays + "2025-11-15,95555.28\n");
    ASSERT_EQ(twice.size(), 3U);
    EXPECT_EQ(twice[1], twice[2]);
}

TEST(CsvFile, ThatIsNoneIsRefusedAtItsFirstLine) {
    struct Case {
        const char* given;
        std::string text;
    };
    const std::vector<Case> cases{
        {"empty", ""},
        {"only line ends", "\n\n\n"},
        {"another header", "day,price\n2025-11-14,1\n"},
        {"no header", "2025-11-14,94397.79\n2025-11-15,95555.28\n"},
        {"semicolons", "date;close_usd\n2025-11-14;94397.79\n"},
        {"a column twice", "date,close_usd,date\n2025-11-14,1,2025-11-15\n"},
        {"JSON", "{\"date\":\"2025-11-14\"}\n"},
        {"a database", std::string("SQLite format 3\0\x10\0\1\1", 20)},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.given);
        EXPECT_THAT(refusal(c.text), StartsWith("facts.csv:1: "));
    }
    EXPECT_THAT(refusal("day,price\n"), AllOf(HasSubstr("date,close_usd"), HasSubstr("blocks: ")))
        << "what would be right";
}

TEST(CsvFile, WithALineOfAnotherLengthIsRefusedAtThatLine) {
    EXPECT_THAT(refusal(kTwoDays + "2025-11-16\n"), StartsWith("facts.csv:4: "));
    EXPECT_THAT(refusal(kTwoDays + "2025-11-16,1,2\n"), StartsWith("facts.csv:4: "));
    EXPECT_THAT(refusal(kTwoDays + "2025-11-16,\"1\n"), StartsWith("facts.csv:4: "));
}

TEST(CsvFile, WithoutALineEndAtItsEndIsReadNoFurtherWhateverTheMemoryHeldBefore) {
    // mallopt(3): M_PERTURB sets what is allocated to the complement of this byte
    constexpr int kLineEnds = 0xff & ~'\n';
    if (mallopt(M_PERTURB, kLineEnds) != 1)
        GTEST_SKIP() << "the allocator of this build, a sanitizer's, cannot be told";
    const auto read = prices(kTwoDays.substr(0, kTwoDays.size() - 1));
    const auto nothing = import("");
    mallopt(M_PERTURB, 0);

    EXPECT_EQ(read, prices(kTwoDays));
    EXPECT_THAT(nothing.status.error().what, StartsWith("facts.csv:1: "));
}

TEST(CsvFile, ThatIsNoTextIsRefusedInOneShortLine) {
    for (const char byte : {'\x83', '\x1b', '\xff'}) {
        const std::string told = refusal("date,close_usd\n" + std::string(100'000, byte) + ",1\n");
        EXPECT_THAT(told, StartsWith("facts.csv:2: "));
        EXPECT_LT(told.size(), 400U);
    }
}

TEST(CsvFile, CutAnywhereIsTakenAsFarAsItMakesSenseOrRefused) {
    const auto whole = prices(kTwoDays);
    for (std::size_t n = 0; n < kTwoDays.size(); ++n) {
        const Imported cut = import(kTwoDays.substr(0, n));
        if (!cut.status) {
            EXPECT_THAT(cut.status.error().what, StartsWith("facts.csv:"));
            continue;
        }
        ASSERT_LE(cut.facts.prices.size(), 2U);
        for (std::size_t i = 0; i < cut.facts.prices.size(); ++i)
            EXPECT_EQ(cut.facts.prices[i].time, whole[i].time);
    }
}

TEST(CsvFile, OfAnyLengthComesInBatchesAndInItsOrder) {
    constexpr int kTicks = 25'001;
    std::string text = "time_s,price_usd\n";
    for (int n = 0; n < kTicks; ++n)
        text += std::to_string(1'700'000'000 + n) + "," + std::to_string(30'000 + n) + ".5\n";

    const Imported imported = import(text);

    ASSERT_TRUE(imported.status) << imported.status.error().what;
    EXPECT_GT(imported.batches, 2);
    ASSERT_EQ(imported.facts.prices.size(), static_cast<std::size_t>(kTicks));
    for (int n = 0; n < kTicks; ++n) {
        ASSERT_EQ(imported.facts.prices[static_cast<std::size_t>(n)].time, utc(1'700'000'000 + n));
    }
}

TEST(CsvFile, WithALineWithoutEndIsRefusedNotSwallowed) {
    EXPECT_THAT(refusal(kTwoDays + std::string(40'000'000, 'x')), StartsWith("facts.csv:4: "));
}

TEST(CsvFile, OfNoiseNeverBreaksAnything) {
    std::uint32_t state = 2'463'534'242;  // xorshift32, Marsaglia 2003
    const std::string letters = ",\"\n\r#0123456789.-eE\t abc\xff";
    for (int round = 0; round < 300; ++round) {
        std::string text = "date,close_usd\n";
        for (int n = 0; n < 200; ++n) {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            text += letters[state % letters.size()];
        }
        EXPECT_THAT(refusal(text), StartsWith("facts.csv:")) << round;
    }
}

TEST(ImportDocument, NamesEveryColumnAndKind) {
    std::ifstream file(HP_SOURCE_DIR "/docs/import.md");
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    for (const char* column : column_names())
        EXPECT_THAT(text, HasSubstr("`" + std::string(column) + "`"));
    for (const ImportFormat& format : import_formats())
        EXPECT_THAT(text, HasSubstr("| " + format.kind + " | `" + format.columns + "`"));
}

}  // namespace
}  // namespace hashprice::ingest
