#pragma once
#include <memory>
#include <mutex>
#include <vector>

#include "storage/database.hpp"

namespace hashprice::service::app {

/// Read-only connections, lent to whoever answers a question.
///
///   owns     the connections that are not lent
///   threads  thread-safe
class Connections {
public:
    explicit Connections(std::filesystem::path file) : file_(std::move(file)) {}

    /// A connection until the pointer dies; it may outlive a handler, as the generator of a long
    /// answer does. Connections must live longer than every lease.
    using Lease = std::shared_ptr<storage::Database>;
    domain::Result<Lease> lease();

    /// Changes whenever any process has written; 0 when that cannot be told.
    std::uint64_t data_version();

private:
    void give_back(storage::Database* db);

    std::filesystem::path file_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<storage::Database>> idle_;  // guarded by mutex_
    std::mutex watch_mutex_;
    std::unique_ptr<storage::Database> watch_;  // guarded by watch_mutex_
};

}  // namespace hashprice::service::app
