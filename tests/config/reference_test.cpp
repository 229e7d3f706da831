#include "config/reference.hpp"

#include <gmock/gmock.h>

#include <regex>
#include <set>
#include <sstream>

#include "tests/config/fixture.hpp"

namespace hashprice::config {
namespace {

using Names = std::set<std::string>;  ///< "http.listen"

std::string read(const std::string& name) {
    std::ifstream in(std::string(HP_SOURCE_DIR) + "/" + name, std::ios::binary);
    EXPECT_TRUE(in) << name;
    return {std::istreambuf_iterator<char>(in), {}};
}

Names names_of_the_code() {
    Names names;
    for (const Section& section : describe()) {
        for (const Key& key : section.keys) {
            names.insert(std::string(section.name) + "." + std::string(key.name));
        }
    }
    return names;
}

/// The keys of a TOML text, also of its commented-out settings ("#key = ...").
Names names_of_toml(const std::string& text) {
    static const std::regex kHeading(R"(^#?\[\[?([a-z.]+)\]\]?$)");
    static const std::regex kKey(R"(^#?([a-z_]+) = .*$)");
    Names names;
    std::string section;
    std::istringstream lines(text);
    std::smatch match;
    for (std::string line; std::getline(lines, line);) {
        if (std::regex_match(line, match, kHeading)) section = match[1];
        if (std::regex_match(line, match, kKey)) names.insert(section + "." + match[1].str());
    }
    return names;
}

/// The keys of the page's tables: a heading names the section in backticks, a row its key.
Names names_of_page(const std::string& text) {
    static const std::regex kHeading(R"(^## .*`\[\[?([a-z.]+)\]\]?`.*$)");
    static const std::regex kRow(R"(^\| `([a-z_]+)` \|.*$)");
    Names names;
    std::string section;
    std::istringstream lines(text);
    std::smatch match;
    for (std::string line; std::getline(lines, line);) {
        if (std::regex_match(line, match, kHeading)) section = match[1];
        if (std::regex_match(line, match, kRow)) names.insert(section + "." + match[1].str());
    }
    return names;
}

TEST(Reference, CodeExampleAndPageNameTheSameKeys) {
    EXPECT_EQ(names_of_toml(read("config/hashprice.example.toml")), names_of_the_code());
    EXPECT_EQ(names_of_page(read("docs/configuration.md")), names_of_the_code());
}

TEST(Reference, TheExampleFileIsWhatTheTableOfSettingsPrints) {
    EXPECT_EQ(read("config/hashprice.example.toml"), example_toml())
        << "a key has changed: build config_reference and run it, see its source";
}

TEST(Reference, ThePageHoldsTheTablesThatTheTableOfSettingsPrints) {
    const std::string page = read("docs/configuration.md");
    for (const Section& section : describe()) {
        EXPECT_NE(page.find(reference_table(section)), std::string::npos)
            << section.name << " has changed; it should be\n"
            << reference_table(section);
    }
}

TEST(Reference, EveryKeyHasAReasonAndEveryNumberAUnit) {
    for (const Section& section : describe()) {
        EXPECT_FALSE(section.intro.empty());
        for (const Key& key : section.keys) {
            SCOPED_TRACE(std::string(section.name) + "." + std::string(key.name));
            EXPECT_FALSE(key.meaning.empty());
            const bool counts =
                key.type == Type::integer || key.type == Type::number || key.type == Type::duration;
            EXPECT_TRUE(!counts || key.name == "priority" || !key.unit.empty());
            EXPECT_TRUE(!key.required || !key.example.empty());
        }
    }
}

TEST_F(Config, TheExampleFileLoadsToTheDefaults) {
    const Settings defaults = loaded().settings;

    request_.file = std::string(HP_SOURCE_DIR) + "/config/hashprice.example.toml";

    EXPECT_EQ(loaded().settings, defaults);
}

TEST_F(Config, TheExampleFileLoadsAlsoWithEverySettingTakenIntoForce) {
    std::string text = read("config/hashprice.example.toml");
    text = std::regex_replace(text, std::regex(R"((^|\n)#(?=[a-z\[]))"), "$1");
    text = std::regex_replace(text, std::regex("/etc/hashprice/"), dir_.string() + "/");
    for (const char* name :
         {"luxor-key", "webhook-secret", "webhook-token", "sink-token", "rpc-password"}) {
        write(name, "secret");
    }
    use(text);

    const Settings s = loaded().settings;

    EXPECT_EQ(s.sources.size(), 10U);
    EXPECT_EQ(s.rules.size(), 3U);
    EXPECT_EQ(s.fleets.size(), 2U);
    EXPECT_EQ(s.alternatives.size(), 1U);
    EXPECT_EQ(s.notify.size(), 2U);
    EXPECT_EQ(s.sinks.size(), 1U);
    EXPECT_EQ(s.notify[0].secret.reveal(), "secret");
}

}  // namespace
}  // namespace hashprice::config
