#include "service/app/connections.hpp"

namespace hashprice::service::app {

using storage::Access;
using storage::Database;

domain::Result<Connections::Lease> Connections::lease() {
    {
        const std::lock_guard lock(mutex_);
        if (!idle_.empty()) {
            Lease lease(idle_.back().release(), [this](Database* db) { give_back(db); });
            idle_.pop_back();
            return lease;
        }
    }
    auto opened = Database::open(file_, Access::read);
    if (!opened) return tl::unexpected(opened.error());
    return Lease(new Database(std::move(*opened)), [this](Database* db) { give_back(db); });
}

void Connections::give_back(Database* db) {
    constexpr std::size_t kKeep = 4;
    std::unique_ptr<Database> owned(db);
    const std::lock_guard lock(mutex_);
    if (idle_.size() < kKeep) idle_.push_back(std::move(owned));
}

std::uint64_t Connections::data_version() {
    const std::lock_guard lock(watch_mutex_);
    if (!watch_) {
        auto opened = Database::open(file_, Access::read);
        if (!opened) return 0;
        watch_ = std::make_unique<Database>(std::move(*opened));
    }
    return watch_->data_version().value_or(0);
}

}  // namespace hashprice::service::app
