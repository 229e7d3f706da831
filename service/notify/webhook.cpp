#include "service/notify/webhook.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "service/answers/json.hpp"
#include "service/notify/messages.hpp"

namespace hashprice::service::notify {

std::string signature_of(const std::string& secret, UtcSeconds at, const std::string& body) {
    const std::string signed_text = fmt::format("{}.{}", domain::unix_s(at), body);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<const unsigned char*>(signed_text.data()), signed_text.size(),
         digest.data(), &length);
    std::string text = "v1=";
    for (unsigned int i = 0; i < length; ++i) text += fmt::format("{:02x}", digest.at(i));
    return text;
}

Outcome Webhook::deliver(const storage::Message& message, bool replay, storage::Database& /*db*/,
                         const std::stop_token& stop) {
    ingest::HttpRequest request{.method = ingest::HttpMethod::post,
                                .url = options_.url,
                                .body = message.body,
                                .timeout = kTimeout,
                                .max_bytes = kLargestAnswer};
    if (options_.text_only) {
        request.body = answers::json_text([&](answers::Json& json) {
            answers::object(json, [&] {
                answers::put(json, "text", text_of(message.severity, message.sentence));
            });
        });
    }
    const UtcSeconds now = clock_.now();
    request.headers = {{"Content-Type", "application/json"},
                       {"Hashprice-Event", message.event},
                       {"Hashprice-Timestamp", std::to_string(domain::unix_s(now))}};
    if (replay) request.headers.emplace_back("Hashprice-Replay", "true");
    if (!options_.secret.empty()) {
        request.headers.emplace_back("Hashprice-Signature",
                                     signature_of(options_.secret, now, request.body));
    }
    if (!options_.token.empty())
        request.headers.emplace_back("Authorization", "Bearer " + options_.token);
    return outcome_of(http_.send(request, stop), now);
}

}  // namespace hashprice::service::notify
