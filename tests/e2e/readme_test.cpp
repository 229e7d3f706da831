#include <sstream>

#include "tests/e2e/hashprice.hpp"

// The README shows what the program prints, and nothing else.
namespace hashprice::test {
namespace {

struct Shown {
    std::vector<std::string> arguments;
    std::vector<std::string> lines;  ///< "..." stands for any lines
};

std::vector<std::string> words_of(const std::string& line) {
    std::istringstream words(line);
    std::vector<std::string> all;
    for (std::string word; words >> word;) all.push_back(word);
    return all;
}

/// Every ```console block that begins with "$ hashprice ".
std::vector<Shown> shown_in(const std::string& text) {
    std::istringstream in(text);
    std::vector<Shown> all;
    bool inside = false;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("```")) {
            inside = line == "```console";
        } else if (inside && line.starts_with("$ hashprice ")) {
            all.push_back({words_of(line.substr(12)), {}});
        } else if (inside && !all.empty()) {
            all.back().lines.push_back(line);
        }
    }
    return all;
}

/// Whether `printed` is what is shown, line by line; the first line that is not.
std::string first_difference(const Shown& shown, const std::string& printed) {
    std::istringstream in(printed);
    std::string line;
    bool skipping = false;
    for (const std::string& expected : shown.lines) {
        if (expected == "...") {
            skipping = true;
            continue;
        }
        bool found = false;
        while (!found && std::getline(in, line)) {
            found = line == expected;
            if (!found && !skipping) break;
        }
        if (!found) return expected;
        skipping = false;
    }
    const bool more = static_cast<bool>(std::getline(in, line));
    return more && !skipping ? "(printed beyond it) " + line : "";
}

TEST(Readme, ShowsWhatTheProgramPrints) {
    const Installation fresh;
    const auto blocks = shown_in(read_file(HP_SOURCE_DIR "/README.md"));
    ASSERT_GE(blocks.size(), 3U);
    for (const Shown& shown : blocks) {
        const Outcome outcome = fresh.run(shown.arguments);
        EXPECT_EQ(outcome.status, 0) << outcome.err;
        EXPECT_EQ(first_difference(shown, outcome.out), "") << outcome.out;
    }
}

TEST(Readme, NamesOnlyDocumentsThatAreThere) {
    const std::string text = read_file(HP_SOURCE_DIR "/README.md");
    const std::regex link(R"(\]\(([A-Za-z0-9_/.-]+)\))");
    int links = 0;
    for (std::sregex_iterator it(text.begin(), text.end(), link), end; it != end; ++it, ++links)
        EXPECT_TRUE(std::filesystem::exists(std::string(HP_SOURCE_DIR "/") + (*it)[1].str()))
            << (*it)[1];
    EXPECT_GE(links, 10);
}

}  // namespace
}  // namespace hashprice::test
