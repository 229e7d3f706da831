#pragma once
#include <fmt/format.h>

#include <string>

#include "tests/e2e/hashprice.hpp"
#include "tests/support/fake_upstream.hpp"

namespace hashprice::test {

/// A `hashprice` whose sources are all the fake upstream, and whose clock starts at ten minutes
/// past the end of November 2025, where the served figures end.
///
/// HP_FAKETIME: libfaketime, by the build. Only the wall clock is moved.
class Furnished : public Installation {
public:
    explicit Furnished(int requests_per_minute = 60'000) {
        upstream.set_now(kNow);
        environment["LD_PRELOAD"] = HP_FAKETIME;
        environment["FAKETIME"] = "@2025-12-01 00:10:00";
        environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
        environment["TZ"] = "UTC";
        settings(requests_per_minute);
    }

    /// All hosts are one here, so they share one budget.
    void settings(int requests_per_minute, const std::string& more = {}) {
        std::string text = more;
        for (const char* kind :
             {"mempool", "esplora", "blockchain_com", "coinbase", "kraken", "bitstamp", "gemini"}) {
            text += fmt::format(
                "[[source]]\nname = \"{0}\"\nkind = \"{0}\"\nbase_url = \"{1}\"\n"
                "requests_per_minute = {2}\n",
                kind, upstream.url(std::string("/") + kind), requests_per_minute);
        }
        std::filesystem::create_directories(dir.path() / "config/hashprice");
        (void)dir.write("config/hashprice/hashprice.toml", text);
    }

    static constexpr domain::UtcSeconds kNow = domain::utc(1'764'547'800);
    fake::FakeUpstream upstream;
};

}  // namespace hashprice::test
