#include <fmt/format.h>
#include <gmock/gmock.h>

#include <sstream>

#include "config/show.hpp"
#include "tests/config/fixture.hpp"

namespace hashprice::config {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr auto kSecret = "correct-horse-battery";

TEST(Secret, PrintsAsStarsHoweverItIsPrinted) {
    const Secret secret(kSecret);
    std::ostringstream out;
    out << secret;

    EXPECT_EQ(out.str(), "***");
    EXPECT_EQ(fmt::format("{}", secret), "***");
    EXPECT_EQ(::testing::PrintToString(secret), "***");
    EXPECT_EQ(fmt::format("{}", Secret()), "");
    EXPECT_EQ(secret.reveal(), kSecret);
}

TEST_F(Config, ASecretIsReadFromItsFileWithoutTheLineEnd) {
    for (const char* end : {"", "\n", "\r\n", "\n\n"}) {
        write("token", std::string(kSecret) + end);
        use("[http]\ntoken_file = \"token\"\n");
        EXPECT_EQ(loaded().settings.http.token.reveal(), kSecret);
    }
}

TEST_F(Config, ASecretFileThatEverybodyReadsIsUsedAndSaidSo) {
    const std::string file = write("token", kSecret);
    using std::filesystem::perms;
    use("[http]\ntoken_file = \"token\"\n");

    std::filesystem::permissions(file, perms::owner_read | perms::group_read);
    EXPECT_TRUE(loaded().warnings.empty());
    std::filesystem::permissions(file, perms::owner_read | perms::others_read);
    const Loaded open = loaded();
    ASSERT_EQ(open.warnings.size(), 1U);
    EXPECT_THAT(open.warnings[0], HasSubstr("c.toml:2:14: "));
    EXPECT_THAT(open.warnings[0], HasSubstr("can be read by everybody on this machine"));
    EXPECT_EQ(open.settings.http.token.reveal(), kSecret);
}

TEST_F(Config, ASecretFileThatCannotBeUsedIsRefusedWithItsKey) {
    const auto told = [&](std::string_view content) {
        write("token", content);
        return problems_of("[http]\ntoken_file = \"token\"\n");
    };
    EXPECT_EQ(told("\n"), "c.toml:2:14: [http] token_file: token is empty\n");
    EXPECT_EQ(told("two\nlines\n"),
              "c.toml:2:14: [http] token_file: token is not one line of "
              "text\n");
    EXPECT_EQ(told(std::string(9000, 'x')),
              "c.toml:2:14: [http] token_file: token is larger than 8192 bytes\n");
    EXPECT_EQ(problems_of("[http]\ntoken_file = \"none\"\n"),
              "c.toml:2:14: [http] token_file: cannot read none: No such file or directory\n");
    EXPECT_EQ(problems_of("[http]\ntoken_file = \"/\"\n"),
              "c.toml:2:14: [http] token_file: / is a directory\n");
}

TEST_F(Config, ASecretInTheEnvironmentWinsOverItsFile) {
    use("[http]\ntoken_file = \"there-is-none\"\n");
    set("HASHPRICE_HTTP_TOKEN", kSecret);
    EXPECT_EQ(loaded().settings.http.token.reveal(), kSecret);

    set("HASHPRICE_HTTP_TOKEN", "a\nb");
    EXPECT_EQ(problems(),
              "HASHPRICE_HTTP_TOKEN: a secret may not hold control characters or line "
              "breaks\n");
}

TEST_F(Config, TheSecretOfASourceThatIsOffIsNotAskedFor) {
    use("[[source]]\nname = \"bitcoin_core\"\nrpc_password_file = \"there-is-none\"\n");
    EXPECT_EQ(problems(), "");
}

TEST_F(Config, ASecretInTheFileIsRefusedUnseenWithThePlaceToPutIt) {
    EXPECT_EQ(problems_of(fmt::format("[http]\ntoken = \"{}\"\n", kSecret)),
              "c.toml:2:1: [http] token: a secret does not stand in the configuration: put it in "
              "a file and name that in token_file, or set HASHPRICE_HTTP_TOKEN\n");
    EXPECT_EQ(
        problems_of(fmt::format("[[notify]]\nname = \"ops-1\"\nsecret = \"{}\"\n", kSecret)),
        "c.toml:3:1: [[notify]] 'ops-1': secret: a secret does not stand in the configuration: "
        "put it in a file and name that in secret_file, or set HASHPRICE_NOTIFY_OPS_1_SECRET\n");
}

TEST_F(Config, NoMessageRepeatsWhatMayBeAPassword) {
    const std::string url = fmt::format("http://me:{}@host:1", kSecret);
    for (const std::string& content : {
             fmt::format("[[source]]\nname = \"kraken\"\nbase_url = \"{}\"\n", url),
             fmt::format("[poll]\nproxy = \"{}\"\n", url),
             fmt::format("[poll]\nproxy = \"me:{}@host\"\n", kSecret),
             fmt::format("[http]\ncors_origins = [\"{}\"]\n", url),
             fmt::format("[[sink]]\nkind = \"influx\"\nurl = \"{}\"\n", url),
             fmt::format("[http]\ntoken = \"{}\n", kSecret),    // unterminated
             fmt::format("[http]\ntoken = '{}' x\n", kSecret),  // rubbish behind it
             fmt::format("[http]\ntoken = {}\n", kSecret),      // no quotes
             fmt::format("[[notify]]\nsecret = \"{}\"\n", kSecret),
             fmt::format("token = \"{}\"\n", kSecret),
         }) {
        SCOPED_TRACE(content);
        const std::string got = problems_of(content);
        EXPECT_THAT(got, StartsWith("c.toml:"));
        EXPECT_THAT(got, Not(HasSubstr(kSecret)));
    }
    EXPECT_THAT(problems_of(fmt::format("[poll]\nproxy = \"{}\"\n", url)),
                HasSubstr("leave out everything before the @"));
    // an @ in a path is no password
    EXPECT_EQ(problems_of("[[sink]]\nkind = \"influx\"\nurl = \"http://a/@x\"\n"), "");
}

TEST_F(Config, NoSecretIsShown) {
    write("token", kSecret);
    write("pw", kSecret);
    use("[http]\ntoken_file = \"token\"\n[[source]]\nname = \"bitcoin_core\"\nenabled = true\n"
        "rpc_user = \"me\"\nrpc_password_file = \"pw\"\n[[notify]]\nkind = \"webhook\"\n"
        "url = \"http://a\"\n");
    set("HASHPRICE_NOTIFY_WEBHOOK_SECRET", kSecret);
    set("HASHPRICE_NOTIFY_WEBHOOK_TOKEN", kSecret);
    const Loaded all = loaded();

    EXPECT_EQ(all.settings.notify[0].secret.reveal(), kSecret);
    for (const std::string& shown : {show_toml(all), show_json(all)}) {
        EXPECT_THAT(shown, Not(HasSubstr(kSecret)));
        EXPECT_THAT(shown, HasSubstr("***"));
    }
    EXPECT_THAT(show_toml(all),
                HasSubstr("# token: ***  (hidden; HASHPRICE_NOTIFY_WEBHOOK_TOKEN)"));
    EXPECT_THAT(show_toml(all),
                HasSubstr("# token: ***  (hidden; " + request_.file->string() + ":2)"));
}

}  // namespace
}  // namespace hashprice::config
