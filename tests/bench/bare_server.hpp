#pragma once
#include <microhttpd.h>

#include <cstdio>

/// For bench.py: serves on a port of its choice, told on the first line, until stdin ends.
namespace hashprice::bench {

inline int serve_until_stdin_ends(MHD_AccessHandlerCallback answer, void* state) {
    MHD_Daemon* const daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, nullptr, nullptr,
                                                answer, state, MHD_OPTION_END);
    if (daemon == nullptr) return 1;
    std::printf("%u\n", MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
    MHD_stop_daemon(daemon);
    return 0;
}

}  // namespace hashprice::bench
