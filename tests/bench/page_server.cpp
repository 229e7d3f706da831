// Serves the chain of chain.hpp as mempool.space does, for benches over loopback:
// /api/v1/blocks/TOP.
//
//   page_server [BLOCKS]   made before the first answer and kept in memory; prints its port, ends
//                          with its standard input
#include <microhttpd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "tests/bench/bare_server.hpp"
#include "tests/bench/chain.hpp"

namespace {

using namespace hashprice::bench;

using Pages = std::vector<std::string>;

// The signature is microhttpd's. NOLINTNEXTLINE(readability-function-size)
MHD_Result answer(void* pages, MHD_Connection* connection, const char* url, const char* /*method*/,
                  const char* /*version*/, const char* /*upload*/, std::size_t* /*size*/,
                  void** context) {
    static int seen = 0;
    if (*context == nullptr) {  // an answer before the end of the question ends keep-alive
        *context = &seen;
        return MHD_YES;
    }
    static std::string nothing = "[]";
    const char* const top = std::strrchr(url, '/');
    const auto index = static_cast<std::size_t>(std::atoll(top == nullptr ? "" : top + 1)) /
                       static_cast<std::size_t>(kPageBlocks);
    auto& all = *static_cast<Pages*>(pages);
    std::string& body = index < all.size() ? all[index] : nothing;
    MHD_Response* response =
        MHD_create_response_from_buffer(body.size(), body.data(), MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(response, "Content-Type", "application/json");
    const MHD_Result queued = MHD_queue_response(connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return queued;
}

}  // namespace

int main(int argc, char** argv) {
    const std::int64_t blocks = argc > 1 ? std::atoll(argv[1]) : 30'000;
    Pages pages;
    for (std::int64_t at = 0; at < blocks; at += kPageBlocks) pages.push_back(page_from(at));
    return serve_until_stdin_ends(&answer, &pages);
}
