#pragma once
#include <string>

#include "domain/clock.hpp"
#include "service/notify/receiver.hpp"

namespace hashprice::service::notify {

struct WebhookOptions {
    std::string url;
    std::string secret;      ///< empty: unsigned
    std::string token;       ///< bearer; empty: none
    bool text_only = false;  ///< only {"text": ...}, for chat services that refuse what they do
                             ///< not know
};

/// "v1=" and the HMAC-SHA256 of "<timestamp>.<body>" in hexadecimal.
///   source  RFC 2104, FIPS 180-4, by OpenSSL
std::string signature_of(const std::string& secret, UtcSeconds at, const std::string& body);

/// POST of a message's JSON object, signed.
///
///   headers   Hashprice-Event (the event id), Hashprice-Timestamp (unix seconds of the attempt),
///             Hashprice-Signature, and Hashprice-Replay: true where somebody asked for it again
///   outlives  transport and clock must live longer
class Webhook final : public Receiver {
public:
    Webhook(WebhookOptions options, ingest::HttpTransport& http, const domain::Clock& clock)
        : options_(std::move(options)), http_(http), clock_(clock) {}
    Outcome deliver(const storage::Message& message, bool replay, storage::Database& db,
                    const std::stop_token& stop) override;

private:
    WebhookOptions options_;
    ingest::HttpTransport& http_;
    const domain::Clock& clock_;
};

}  // namespace hashprice::service::notify
