#include "service/cli/healthcheck_command.hpp"

#include <fmt/format.h>

#include "config/listen.hpp"
#include "service/cli/session.hpp"

namespace hashprice::service::cli {
namespace {

using domain::Errc;
using domain::fail;
using domain::Result;

/// Where the daemon with these settings is found from this machine.
std::string own_url(const config::Http& http) {
    const auto address = config::parse_listen(http.listen);
    if (!address) return "http://" + http.listen;  // refused when the settings were loaded
    const bool any = address->host == "0.0.0.0" || address->host == "::" || address->host == "*";
    const std::string host = any ? "127.0.0.1" : address->host;
    const bool v6 = host.find(':') != std::string::npos;
    return fmt::format("http://{}{}{}:{}{}", v6 ? "[" : "", host, v6 ? "]" : "", address->port,
                       http.base_path == "/" ? "" : http.base_path);
}

Result<int> run_healthcheck(Session& session, const Arguments& arguments) {
    const std::string base = arguments.text_or("--url", own_url(session.settings().http));
    const std::string url = base + (arguments.has("--ready") ? "/readyz" : "/healthz");
    ingest::CurlTransport transport({.user_agent = "hashprice-healthcheck"});
    const auto answer = transport.send({.url = url, .timeout = std::chrono::seconds(5)}, {});
    if (!answer) return tl::unexpected(answer.error());
    session.out << answer->body << '\n';
    if (answer->status == 200) return 0;
    return fail(Errc::http_status, fmt::format("{} answers {}", url, answer->status));
}

}  // namespace

Command healthcheck_command() {
    return {"healthcheck",
            "whether the running daemon answers; exit status 0 or 1",
            {{"--url", "URL", "its address; from http.listen and http.base_path when left out"},
             {"--ready", "", "whether its data are fresh, too"}},
            run_healthcheck};
}

}  // namespace hashprice::service::cli
