#pragma once
#include <cstddef>
#include <string_view>

namespace hashprice::service::http {

/// The head of a question: views into the connection's memory.
struct Head {
    std::string_view method;
    std::string_view target;
    std::string_view if_none_match;
    std::string_view accept_encoding;
    std::string_view authorization;
    std::string_view origin;
    std::string_view last_event_id;
    bool preflight = false;    ///< Access-Control-Request-Method is there
    bool has_body = false;     ///< Content-Length other than 0
    bool bad_framing = false;  ///< Transfer-Encoding, Content-Length twice or malformed, or a
                               ///< header's name that is none
    std::size_t bytes = 0;     ///< of request line and headers
};

}  // namespace hashprice::service::http
