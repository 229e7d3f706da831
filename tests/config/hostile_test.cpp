#include <gmock/gmock.h>

#include "tests/config/fixture.hpp"

namespace hashprice::config {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string repeated(std::string_view piece, int times) {
    std::string text;
    for (int n = 0; n < times; ++n) text += piece;
    return text;
}

TEST_F(Config, AnEmptyFileAndOneOfBlanksAndCommentsAreTheDefaults) {
    const Settings defaults = loaded().settings;
    for (const char* content :
         {"", "\n\n", "# nothing\n", "\xEF\xBB\xBF# with a byte order mark"}) {
        use(content);
        EXPECT_EQ(loaded().settings, defaults);
    }
}

TEST_F(Config, BinaryFilesAreRefusedInWords) {
    EXPECT_EQ(problems_of(std::string_view("[http]\n\0\x01\x02", 10)),
              "c.toml:2:1: holds a zero byte, so it is no text\n");
    EXPECT_THAT(problems_of("\x7f"
                            "ELF\x02\x01"),
                StartsWith("c.toml:1:1: not readable as TOML"));
    EXPECT_THAT(problems_of("[http]\nlisten = \"\xff\xfe\"\n"),
                StartsWith("c.toml:2:10: not readable as TOML"));
}

TEST_F(Config, AMegabyteOfNestingIsRefusedBeforeAnythingIsBuilt) {
    EXPECT_EQ(problems_of(repeated("[", 1 << 20)),
              "c.toml: is larger than 256 KiB, which no configuration needs: is this the right "
              "file?\n");
    EXPECT_EQ(problems_of("x = 1\n" + repeated("a.", 2000) + "b = 1\n"),
              "c.toml:2:1: the line holds more than 64 dots: split it\n");
    EXPECT_EQ(problems_of(repeated("[", 5000)),
              "c.toml:1:1: the line is longer than 4096 bytes: split it\n");
    EXPECT_THAT(problems_of("x = " + repeated("[", 4000)), HasSubstr("not readable as TOML"));
    EXPECT_THAT(problems_of(repeated("#\n", 3 << 20)), HasSubstr("is larger than"));
}

TEST_F(Config, TheDeepestFileThatPassesTheBoundsHarmsNobody) {
    // 60 dots a line, in each of the inline tables that the parser lets us open inside another
    const std::string open = "{" + repeated("a.", 60) + "b = [\n";
    const std::string unclosed = "x = [\n" + repeated(open, 120);
    const std::string closed = unclosed + "1\n" + repeated("]}", 120) + "]\n";

    EXPECT_THAT(problems_of(unclosed), HasSubstr("not readable as TOML"));
    EXPECT_EQ(problems_of(closed), "c.toml:1:1: no table 'x' is known\n");
    EXPECT_THAT(problems_of(closed + "?"), HasSubstr("not readable as TOML"));
}

TEST_F(Config, AnUnterminatedFileIsRefusedWhereverItIsCut) {
    const std::string whole =
        "[poll]\ninterval = \"30s\"\n[[source]]\nname = \"kraken\"\npriority = 7\n";
    for (std::size_t n = 0; n <= whole.size(); ++n) {
        SCOPED_TRACE(n);
        use(whole.substr(0, n));
        const Report report = examine(request_);
        // it loads or says why, with the place
        if (report.loaded) continue;
        ASSERT_FALSE(report.problems.empty());
        EXPECT_GT(report.problems[0].origin.line, 0);
        EXPECT_GT(report.problems[0].origin.column, 0);
    }
}

TEST_F(Config, AThousandTablesAreTooMany) {
    std::string content;
    for (int n = 0; n < 1000; ++n) {
        content += fmt::format("[[alternative]]\nname = \"a{}\"\nusd_per_mwh = 1\n", n);
    }
    EXPECT_THAT(problems_of(content),
                StartsWith("c.toml:151:1: [[alternative]]: there may be 50 at most, with the "
                           "built-in ones\n"));
}

TEST_F(Config, WhatAMessageRepeatsOfTheFileIsShortAndPrintable) {
    const std::string got =
        problems_of("[http]\n\"\\u001b[31m" + std::string(3000, 'k') + "\" = 1\n");

    EXPECT_THAT(got, StartsWith("c.toml:2:1: [http] has no key '\\x1b[31mkkk"));
    EXPECT_LT(got.size(), 200U);
    EXPECT_EQ(got.find('\x1b'), std::string::npos);
}

TEST_F(Config, ASuggestionIsPrintableWhateverAVariableCallsATable) {
    set("HASHPRICE_SOURCE_O\x0fWN_PRIORITY", "7");
    set("HASHPRICE_SOURCE_O\x0fWN_PRIORTY", "7");
    EXPECT_THAT(problems(), HasSubstr(R"(did you mean HASHPRICE_SOURCE_O\x0fWN_PRIORITY?)"));
}

TEST_F(Config, AVariablesNameIsRepeatedOnlySoFar) {
    set("HASHPRICE_SOURCE_K" + std::string(1'000, '\xff') + "_PRIORITY", "7");
    const std::string told = problems();
    EXPECT_THAT(told, StartsWith(R"(HASHPRICE_SOURCE_K\xff\xff)"));
    EXPECT_THAT(told, HasSubstr("kind is missing"));
    EXPECT_LT(told.find("kind is missing"), 1'000);
}

TEST_F(Config, ADirectoryIsNoFile) {
    request_.file = dir_;
    EXPECT_THAT(problems(), HasSubstr("is a directory"));
}

TEST_F(Config, AnEndlessFileIsReadOnlySoFar) {
    request_.file = "/dev/zero";
    EXPECT_THAT(problems(), HasSubstr("is larger than"));
}

}  // namespace
}  // namespace hashprice::config
