#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/record.hpp"

/// Facts and answers that were refused, and what the operator decides about them.
namespace hashprice::storage {

struct Quarantined {
    std::int64_t id{};
    std::string source;
    std::string kind;  ///< block, price, fee_mean, epoch: can be released; body: cannot
    std::string reason;
    std::string payload;  ///< as it was sent: any bytes
    UtcSeconds received_at;
    std::string state;  ///< pending, released, rejected
    std::optional<UtcSeconds> decided_at;
    std::optional<std::int64_t> height;  ///< what it speaks about, where that can be read
    std::optional<UtcSeconds> time;
};

/// Newest first, at most `most`; an empty state means every state.
Result<std::vector<Quarantined>> quarantined(Database& db, std::string_view state, int most);

/// Puts the refused fact in use, in the place of whatever contradicts it, which is put aside as
/// overruled. Call within a Transaction.
///
/// errors  no such number -> Errc::not_found; decided already -> Errc::usage; what cannot be a
///         fact -> Errc::out_of_range, saying why
Result<Recorded> release(Database& db, std::int64_t id, UtcSeconds now);

/// Closes the case: it stays refused.   errors  as release, save the last
Status reject(Database& db, std::int64_t id, UtcSeconds now);

}  // namespace hashprice::storage
