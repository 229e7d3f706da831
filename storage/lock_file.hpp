#pragma once
#include <filesystem>
#include <string>

#include "domain/result.hpp"

namespace hashprice::storage {

/// At most one process of a kind per database: an advisory lock on "<database>.<kind>.lock", which
/// the system releases however the process ends.
///
///   owns    the open file
///   errors  held by another process -> Errc::locked; the file cannot be made -> Errc::database
class LockFile {
public:
    static domain::Result<LockFile> take(const std::filesystem::path& database,
                                         const std::string& kind);
    LockFile(LockFile&& other) noexcept;
    LockFile& operator=(LockFile&&) = delete;
    ~LockFile();

    /// Whether some process holds that lock now.
    static bool held(const std::filesystem::path& database, const std::string& kind);

private:
    explicit LockFile(int fd) : fd_(fd) {}
    int fd_;
};

}  // namespace hashprice::storage
