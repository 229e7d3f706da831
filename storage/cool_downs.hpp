#pragma once
#include <optional>
#include <string>
#include <vector>

#include "storage/database.hpp"

/// Hosts that asked to be left alone: whoever works on this database keeps to it, after a restart
/// and in another process too.
namespace hashprice::storage {

struct CoolDown {
    std::string host;
    UtcSeconds until;
    std::string reason;
};

/// The later end counts.
Status note_cool_down(Database& db, const CoolDown& cool_down, UtcSeconds now);
/// Of one host, if it is not over at `now`.
Result<std::optional<CoolDown>> cool_down_of(Database& db, const std::string& host, UtcSeconds now);
/// All that are not over at `now`, by host.
Result<std::vector<CoolDown>> cool_downs(Database& db, UtcSeconds now);

}  // namespace hashprice::storage
