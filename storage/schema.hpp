#pragma once
#include <span>
#include <string_view>

#include "domain/result.hpp"

namespace hashprice::storage {

struct Connection;

constexpr int kApplicationId =
    0x68707263;  ///< "hprc", so that `file` and we know whose database it is

/// kMigrations[n] takes schema n to n + 1: append-only, each in one transaction with its version
/// number.
std::span<const std::string_view> migrations();
inline int newest_schema() { return static_cast<int>(migrations().size()); }

/// errors  a newer schema, or a database of another program -> Errc::database
domain::Status migrate(Connection& connection);
/// The same refusals without writing; an older schema is refused too.
domain::Status check_schema(Connection& connection);
/// Whether the file declares every table, index and view as the migrations do. What its users added
/// is theirs.
///   errors  the first declaration that is missing or differs -> Errc::database
domain::Status check_declarations(Connection& connection);
int schema_version(Connection& connection);

}  // namespace hashprice::storage
