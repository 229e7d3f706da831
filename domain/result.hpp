#pragma once
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace hashprice::domain {

/// What kind of failure: few, because callers only ever branch on these.
enum class Errc {
    usage,         ///< the caller asked for something impossible: a bad date, an unknown name
    config,        ///< the operator's settings are wrong
    timeout,       ///< no answer within the deadline
    network,       ///< no connection, name not resolved, TLS refused, cut off
    http_status,   ///< an answer, but not the one that was asked for
    bad_payload,   ///< bytes that are not what the provider promises
    out_of_range,  ///< a well-formed value that cannot be true
    not_found,     ///< asked for something that is not there
    database,      ///< SQLite said no: busy, full, corrupt, read-only
    locked,        ///< another process holds the lock
    stopped        ///< we were asked to stop
};

/// `what` is one line for the operator, saying what was wrong, where, and what to do; nobody parses
/// it.
struct Error {
    Errc code{};
    std::string what;
};

template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

inline tl::unexpected<Error> fail(Errc code, std::string what) {
    return tl::unexpected(Error{code, std::move(what)});
}

/// The first error among several results, if there is one.
template <class... T>
Status all_good(const Result<T>&... results) {
    Status first;
    const auto look = [&](const auto& result) {
        if (first && !result) first = tl::unexpected(result.error());
    };
    (look(results), ...);
    return first;
}

}  // namespace hashprice::domain
