#include "storage/role_changes.hpp"

#include "storage/connection.hpp"
#include "storage/facts.hpp"
#include "storage/rows.hpp"

namespace hashprice::storage {
namespace {

constexpr std::string_view kAdd =
    "INSERT INTO role_changes(role, source_id, reason, changed_at_s) VALUES(?, ?, ?, ?)";
constexpr std::string_view kNewest =
    "SELECT role, COALESCE(sources.name, ''), reason, changed_at_s FROM role_changes "
    "LEFT JOIN sources ON sources.id = source_id WHERE role = ? "
    "ORDER BY role_changes.id DESC LIMIT 1";
constexpr std::string_view kEach =
    "SELECT role, COALESCE(sources.name, ''), reason, changed_at_s FROM role_changes "
    "LEFT JOIN sources ON sources.id = source_id WHERE role_changes.id IN "
    "(SELECT MAX(id) FROM role_changes GROUP BY role) ORDER BY role";
constexpr std::string_view kAll =
    "SELECT role, COALESCE(sources.name, ''), reason, changed_at_s FROM role_changes "
    "LEFT JOIN sources ON sources.id = source_id ORDER BY role_changes.id DESC LIMIT ?";

RoleChange change_in(Statement& row) {
    return {row.getColumn(0).getString(), row.getColumn(1).getString(),
            row.getColumn(2).getString(), time_at(row, 3)};
}

}  // namespace

Result<bool> note_role(Database& db, const RoleChange& change) {
    return guarded([&]() -> Result<bool> {
        Connection& c = db.connection();
        const auto before = first_row(ready(c, kNewest, change.role), change_in);
        if (before && before->source == change.source) return false;
        std::optional<SourceId> id;
        if (!change.source.empty()) {
            const auto known = source_id(db, change.source);
            if (!known) return tl::unexpected(known.error());
            id = *known;
        }
        run(c, kAdd, change.role, id, change.reason, unix_s(change.at));
        return true;
    });
}

Result<std::vector<RoleChange>> roles(Database& db) {
    return guarded([&]() -> Result<std::vector<RoleChange>> {
        return all_rows(db.connection().prepared(kEach), change_in);
    });
}

Result<std::vector<RoleChange>> role_changes(Database& db, int most) {
    return guarded([&]() -> Result<std::vector<RoleChange>> {
        return all_rows(ready(db.connection(), kAll, most), change_in);
    });
}

}  // namespace hashprice::storage
