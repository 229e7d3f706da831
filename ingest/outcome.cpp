#include "ingest/outcome.hpp"

namespace hashprice::ingest {

std::string_view outcome_of(domain::Errc code) {
    using domain::Errc;
    switch (code) {
        case Errc::timeout:
            return "timeout";
        case Errc::network:
            return "network";
        case Errc::http_status:
            return "http_status";
        case Errc::bad_payload:
            return "bad_payload";
        case Errc::out_of_range:
            return "out_of_range";
        case Errc::not_found:
            return "not_found";
        default:
            return "failed";
    }
}

}  // namespace hashprice::ingest
