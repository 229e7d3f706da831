#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/database.hpp"

/// Who plays which role, and since when.
namespace hashprice::storage {

struct RoleChange {
    std::string role;    ///< chain, fees
    std::string source;  ///< empty: nobody
    std::string reason;
    UtcSeconds at;
};

/// Stored if it changes who plays the role; whether it does.
Result<bool> note_role(Database& db, const RoleChange& change);
/// The newest change of each role, by role.
Result<std::vector<RoleChange>> roles(Database& db);
/// The newest changes of all roles, newest first.
Result<std::vector<RoleChange>> role_changes(Database& db, int most);

}  // namespace hashprice::storage
