#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <system_error>

#include "config/load.hpp"
#include "tests/fuzz/target.hpp"

namespace hashprice::fuzz {
namespace {

/// A file without a place on any disk.
class File {
public:
    File() : descriptor_(memfd_create("hashprice.toml", 0)) {
        if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "memfd");
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() { close(descriptor_); }
    void write(std::string_view content) const {
        must(ftruncate(descriptor_, 0) == 0 && pwrite(descriptor_, content.data(), content.size(),
                                                      0) == static_cast<ssize_t>(content.size()),
             "a file in memory can be written");
    }
    [[nodiscard]] std::string path() const {
        return "/proc/self/fd/" + std::to_string(descriptor_);
    }

private:
    int descriptor_;
};

void check(const config::Report& report) {
    must(report.loaded.has_value() == report.problems.empty(), "it loads or says why");
    for (const config::Problem& problem : report.problems) {
        const std::string text = problem.text();
        must(!text.empty() && text.size() < 1'000, "a problem is said shortly");
        for (const char c : text) {
            must(static_cast<unsigned char>(c) >= ' ' && c != 0x7f, "a problem is printable");
        }
    }
}

void file(std::string_view content) {
    static const File file;
    file.write(content);
    config::Request request;
    request.file = file.path();
    request.environment = {{"HOME", "/nowhere"}};
    request.system_file = "/nowhere/hashprice.toml";
    check(config::examine(request));
}

/// Lines of NAME=VALUE, each with HASHPRICE_ before it.
void environment(std::string_view lines) {
    config::Request request;
    request.environment = {{"HOME", "/nowhere"}};
    request.system_file = "/nowhere/hashprice.toml";
    while (!lines.empty()) {
        const std::size_t end = std::min(lines.find('\n'), lines.size());
        const std::string_view line = lines.substr(0, end);
        lines.remove_prefix(std::min(end + 1, lines.size()));
        const std::size_t sign = line.find('=');
        // the system hands on neither a name without '=' nor a zero byte
        if (sign == std::string_view::npos || line.find('\0') != std::string_view::npos) continue;
        const bool reads_this_machine =
            line.starts_with("CONFIG=") || line.find("/dev") != line.npos;
        if (reads_this_machine) continue;
        request.environment["HASHPRICE_" + std::string(line.substr(0, sign))] =
            line.substr(sign + 1);
    }
    check(config::examine(request));
}

const char* const kWhole = R"([database]
path = "/tmp/h.db"
min_free_mb = 100
[http]
listen = "127.0.0.1:8480"
base_path = "/"
cors_origins = ["https://example.org"]
[poll]
interval = "60s"
proxy = "socks5h://127.0.0.1:9050"
backfill_on_start = "400d"
[price]
sources = ["coinbase", "kraken", "bitstamp", "gemini"]
method = "mean"
min_sources = 2
max_deviation = 0.03
[[source]]
name = "mempool"
kind = "mempool"
base_url = "https://mempool.space"
enabled = true
priority = 10
requests_per_minute = 30
)";
const char* const kTables = R"([[trend.rule]]
name = "sustained-decline"
kind = "drawdown"
denomination = "usd"
window = "180d"
open_depth = 0.20
[[fleet]]
name = "hall-a"
efficiency_j_per_th = 17.5
power_usd_per_mwh = 60.0
hashrate_ph = 120.0
take_or_pay = false
[[alternative]]
name = "ai-hosting"
usd_per_mwh = 200.0
[retention]
poll_log = "90d"
price_ticks = "0"
)";

}  // namespace

std::vector<Target> config_targets() {
    const std::vector<std::string> words{"[[source]]", "[http]",   "[[",   "]]",  "\"\"\"",
                                         "'''",        "{ a = ",   "inf",  "nan", "0x",
                                         "-1",         "1e400",    "true", "[\"", "\\u0000",
                                         "1979-05-27", "00:00:00", " = ",  ".",   "\n"};
    return {{"config_file",
             file,
             {kWhole, kTables, "", "[http]\nlisten = 8480\n", "x = [[[[1]]]]\n",
              "[poll]\ninterval = \"0s\"\n", "a.b.c = { d = 1 }\n"},
             words,
             false},
            {"config_environment",
             environment,
             {"HTTP_LISTEN=127.0.0.1:1\nPOLL_INTERVAL=1s\n", "SOURCE_KRAKEN_PRIORITY=7\n",
              "PRICE_SOURCES=coinbase,kraken\nPRICE_METHOD=median\n", "HTTP_TOKEN=abc\n",
              "FLEET_HALL_A_POWER_USD_PER_MWH=60\n", "RETENTION_POLL_LOG=90d\n"},
             {"SOURCE_", "HTTP_", "POLL_", "_BASE_URL=", "=", "\n", ",", "true", "-1", "1e400"},
             false}};
}

}  // namespace hashprice::fuzz
