#pragma once
#include <gtest/gtest.h>

#include <csignal>
#include <memory>
#include <regex>
#include <string>
#include <vector>

#include "tests/support/http_get.hpp"
#include "tests/support/process.hpp"

/// The real `hashprice`, in a directory of its own and with nothing of the caller's environment.
namespace hashprice::test {

/// HP_BINARY: its path, by the build.
class Installation {
public:
    /// The call of `hashprice` with these arguments.
    [[nodiscard]] Call call(const std::vector<std::string>& arguments) const {
        Call call{.arguments = {HP_BINARY}, .environment = environment, .directory = dir.path()};
        call.arguments.insert(call.arguments.end(), arguments.begin(), arguments.end());
        return call;
    }
    [[nodiscard]] Outcome run(const std::vector<std::string>& arguments) const {
        return test::run(call(arguments));
    }
    /// As `run`; a status other than 0 is a failure of the test.
    [[nodiscard]] std::string output(const std::vector<std::string>& arguments) const {
        const Outcome outcome = run(arguments);
        EXPECT_EQ(outcome.status, 0) << outcome.err;
        return outcome.out;
    }
    [[nodiscard]] std::filesystem::path database() const {
        return dir.path() / "state" / "hashprice" / "hashprice.db";
    }

    TempDir dir;
    std::map<std::string, std::string> environment{{"HOME", dir.path() / "home"},
                                                   {"XDG_STATE_HOME", dir.path() / "state"},
                                                   {"XDG_CONFIG_HOME", dir.path() / "config"},
                                                   {"PATH", "/usr/bin:/bin"}};
};

/// A running `hashprice serve` on a free port of the loopback.
class Daemon {
public:
    explicit Daemon(const Installation& installation,
                    const std::vector<std::string>& arguments = {"--no-poll"})
        : process(installation.call(with_listen(arguments))) {
        if (!process.says(" serves ")) {
            ADD_FAILURE() << "it does not serve: " << process.err();
            return;
        }
        std::smatch found;
        const std::string text = process.err();
        if (std::regex_search(text, found, std::regex(R"( serves (http://[0-9.:]+))")))
            url = found[1];
    }
    [[nodiscard]] HttpAnswer get(const std::string& target) const { return http_get(url + target); }

    Process process;
    std::string url;  ///< http://127.0.0.1:PORT, no slash at its end

private:
    static std::vector<std::string> with_listen(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"serve", "--listen", "127.0.0.1:0"});
        return arguments;
    }
};

}  // namespace hashprice::test
