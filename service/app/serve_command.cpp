#include "service/app/serve_command.hpp"

#include <malloc.h>

#include <csignal>

#include "service/app/daemon.hpp"
#include "service/app/log.hpp"
#include "service/cli/session.hpp"

namespace hashprice::service::app {
namespace {

sigset_t our_signals() {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set, signal);
    return set;
}

domain::Result<int> run_serve(cli::Session& session, const cli::Arguments& arguments) {
    // one arena: what connections and answers used can be given back to the system as a whole
    mallopt(M_ARENA_MAX, 1);
    block_signals();
    const auto log = make_log(session.settings().log);
    // made, filled and migrated before anybody reads
    const auto db = session.database(storage::Access::write);
    if (!db) return tl::unexpected(db.error());
    http::raise_file_limit();
    const auto daemon = Daemon::start(
        {session.loaded, session.examine, !arguments.has("--no-poll")}, session.clock, log);
    if (!daemon) return tl::unexpected(daemon.error());
    const auto served = (*daemon)->run();
    if (!served) return tl::unexpected(served.error());
    return 0;
}

}  // namespace

void block_signals() {
    const sigset_t set = our_signals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

int wait_for_signal() {
    const sigset_t set = our_signals();
    int signal = 0;
    sigwait(&set, &signal);
    return signal;
}

cli::Command serve_command() {
    return {"serve",
            "the daemon: HTTP API over the database, until it is ended (Ctrl-C)",
            {{"--listen", "ADDR:PORT", "instead of http.listen"},
             {"--no-poll", "", "only serve what is there"}},
            run_serve};
}

}  // namespace hashprice::service::app
