#pragma once
#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "ingest/transport/http_transport.hpp"
#include "storage/deliveries.hpp"

namespace hashprice::service::notify {

using domain::Result;
using domain::Status;
using domain::UtcSeconds;
using std::chrono::milliseconds;

/// How an attempt went.
struct Outcome {
    bool received = false;
    bool stopped = false;                 ///< cut short: it does not count
    bool refused = false;                 ///< this very message will not be taken
    std::string error;                    ///< one line, without secrets
    std::optional<domain::seconds> wait;  ///< what the other side asked for
};

/// A kind of place that messages go to: how it is spoken to, and nothing else.
///
///   threads  one thread
class Receiver {
public:
    Receiver() = default;
    Receiver(const Receiver&) = delete;
    Receiver& operator=(const Receiver&) = delete;
    virtual ~Receiver() = default;
    virtual Outcome deliver(const storage::Message& message, bool replay, storage::Database& db,
                            const std::stop_token& stop) = 0;
    /// What has to be said from time to time though nothing happens; none: nothing was due.
    virtual std::optional<Outcome> refresh(storage::Database& /*db*/,
                                           const std::stop_token& /*stop*/) {
        return std::nullopt;
    }
};

/// What an answer, or none, means: 2xx was received; 400, 413, 415 and 422 are about this message;
/// all else may be better later.
Outcome outcome_of(const Result<ingest::HttpResponse>& answer, UtcSeconds now);

constexpr milliseconds kTimeout{10'000};
constexpr std::size_t kLargestAnswer = 64U << 10U;  ///< nobody reads it

}  // namespace hashprice::service::notify
