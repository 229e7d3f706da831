#include <gmock/gmock.h>

#include <fstream>

#include "tests/e2e/hashprice.hpp"

// What is wrong is said in one line, with its place and what to do; and nothing is written.
namespace hashprice::test {
namespace {

using ::testing::HasSubstr;

/// One line on standard error, nothing on standard output.
void expect_refusal(const Outcome& outcome, int status, const std::vector<std::string>& parts) {
    EXPECT_EQ(outcome.status, status) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
    EXPECT_TRUE(outcome.err.starts_with("hashprice: ")) << outcome.err;
    for (const std::string& part : parts) EXPECT_THAT(outcome.err, HasSubstr(part));
}

TEST(Refusal, AWrongConfigurationKeyNamesFileLineColumnAndTheRightOne) {
    const Installation fresh;
    const std::string file =
        fresh.dir.write("hashprice.toml", "[http]\n\nlisen = \"127.0.0.1:8480\"\n");
    for (const char* command : {"latest", "serve"}) {
        expect_refusal(fresh.run({"--config", file, command}), 2,
                       {file + ":3:1: ", "lisen", "did you mean 'listen'"});
    }
    EXPECT_FALSE(std::filesystem::exists(fresh.database()));
}

TEST(Refusal, EveryProblemOfAConfigurationHasItsLine) {
    const Installation fresh;
    const std::string file =
        fresh.dir.write("hashprice.toml", "[poll]\ninterval = \"soon\"\ntimeout = 7\n");
    const Outcome outcome = fresh.run({"--config", file, "config", "check"});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, HasSubstr(file + ":2:"));
    EXPECT_THAT(outcome.err, HasSubstr(file + ":3:"));
}

TEST(Refusal, ADatabaseThatCannotBeReadIsNamed) {
    const Installation fresh;
    const std::string text = fresh.dir.write("notes.txt", std::string(5'000, 'x'));
    const std::string directory = fresh.dir.path().string();
    expect_refusal(fresh.run({"--db", directory, "latest"}), 1, {directory, "is a directory"});
    expect_refusal(fresh.run({"--db", text, "latest"}), 1, {text, "not a database"});
    expect_refusal(fresh.run({"--db", text, "serve", "--no-poll"}), 1, {text, "not a database"});
    expect_refusal(fresh.run({"--db", directory + "/none/x.db", "latest"}), 1,
                   {"there is no directory", directory + "/none"});
    EXPECT_EQ(read_file(text), std::string(5'000, 'x'));
    EXPECT_FALSE(std::filesystem::exists(directory + "/none"));
}

TEST(Refusal, ANewerSchemaIsLeftToANewerProgram) {
    const Installation fresh;
    (void)fresh.output({"latest"});
    // bytes 60 to 63 of an SQLite file hold its user_version, the highest first
    // (sqlite.org/fileformat2)
    const std::filesystem::path plain = fresh.dir.path() / "newer.db";
    std::filesystem::copy_file(fresh.database(), plain);
    std::fstream file(plain, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(60);
    file.write("\0\0\0\x63", 4);
    file.close();
    const std::string before = read_file(plain);
    for (const std::vector<std::string>& command :
         {std::vector<std::string>{"latest"}, {"serve", "--no-poll"}, {"import", "-"}}) {
        std::vector<std::string> arguments{"--db", plain.string()};
        arguments.insert(arguments.end(), command.begin(), command.end());
        expect_refusal(fresh.run(arguments), 1,
                       {plain.string(), "schema 99 is newer", "install the newer hashprice"});
    }
    EXPECT_EQ(read_file(plain), before);
}

TEST(Refusal, ABadDateIsQuotedWithTheFormsThatAreKnown) {
    const Installation fresh;
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"query", "--from", "2025-13-40"},
          {"query", "--to", "2025-13-40"},
          {"explain", "2025-13-40"},
          {"recompute", "--from", "2025-13-40"}}) {
        expect_refusal(fresh.run(arguments), 2, {"'2025-13-40' is no time", "2025-11-15"});
    }
    expect_refusal(fresh.run({"query", "--from", "2025-12-01", "--to", "2025-11-01"}), 2,
                   {"is empty", "--from must be before --to"});
    EXPECT_FALSE(std::filesystem::exists(fresh.database()));
}

TEST(Refusal, APortInUseIsNamed) {
    const Installation fresh;
    const Daemon first(fresh);
    const std::string address = first.url.substr(std::string("http://").size());
    const Outcome second = fresh.run({"serve", "--no-poll", "--listen", address});
    expect_refusal(second, 1, {address});
    EXPECT_EQ(first.get("/healthz").status, 200);
}

TEST(Refusal, AMalformedLineOfCsvRefusesTheWholeFile) {
    const Installation fresh;
    const std::string file = fresh.dir.write("closes.csv",
                                             "date,close_usd\n"
                                             "2024-12-30,92646.21\n"
                                             "2024-12-31,93.391,98\n");
    const std::string before = fresh.output({"status", "--json"});

    expect_refusal(fresh.run({"import", file}), 1, {file + ":3: "});

    const auto facts_of = [](const std::string& json) {
        return json.substr(json.find("\"facts\""), json.find("\"first\"") - json.find("\"facts\""));
    };
    EXPECT_EQ(facts_of(fresh.output({"status", "--json"})), facts_of(before));
}

TEST(Refusal, AnUnknownCommandOrOptionIsQuoted) {
    const Installation fresh;
    expect_refusal(fresh.run({"lastest"}), 2, {"there is no command 'lastest'", "--help"});
    expect_refusal(fresh.run({"config", "shwo"}), 2, {"there is no command 'config shwo'"});
    expect_refusal(fresh.run({"latest", "--jsno"}), 2, {"--jsno"});
    expect_refusal(fresh.run({}), 2, {"needs a command", "--help"});
    EXPECT_FALSE(std::filesystem::exists(fresh.database()));
}

TEST(Refusal, AWiderAddressWithoutATokenIsRefused) {
    const Installation fresh;
    expect_refusal(fresh.run({"serve", "--no-poll", "--listen", "0.0.0.0:0"}), 2,
                   {"beyond this machine", "token_file"});
}

TEST(Refusal, HelpAndVersionAreNoneAndGoToStandardOutput) {
    const Installation fresh;
    const std::string help = fresh.output({"--help"});
    for (const char* command :
         {"serve", "latest", "query", "explain", "status", "import", "recompute", "config"})
        EXPECT_THAT(help, HasSubstr(command));
    EXPECT_THAT(fresh.output({"query", "--help"}), HasSubstr("--denomination"));
    EXPECT_TRUE(std::regex_match(fresh.output({"--version"}),
                                 std::regex("hashprice [0-9]+\\.[0-9]+\\.[0-9]+\n")));
    EXPECT_FALSE(std::filesystem::exists(fresh.database()));
}

}  // namespace
}  // namespace hashprice::test
