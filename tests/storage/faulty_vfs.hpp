#pragma once
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

/// A disk that fails: SQLite's own way to the file system, counted and broken on demand.
namespace hashprice::storage::test {

enum class DiskFault {
    write,     ///< the n-th write, and no other, is an I/O error
    full,      ///< from the n-th write on there is no room
    sync,      ///< the n-th fsync, and no other, is an I/O error
    power_cut  ///< from the n-th call on nothing works; of what was not synced, some is lost
};

/// As long as it lives, every database file that is opened anew goes through it.
///
///   threads  one
class FaultyDisk {
public:
    FaultyDisk();
    ~FaultyDisk();
    FaultyDisk(const FaultyDisk&) = delete;
    FaultyDisk& operator=(const FaultyDisk&) = delete;

    void fail(DiskFault fault, std::int64_t at, std::uint64_t seed);
    /// Whether the fault has happened.
    [[nodiscard]] bool failed() const { return failed_; }
    /// After every connection was closed: what a power cut leaves on the disk. From now on it
    /// works.
    void restart();

    // The rest is called by the files.
    struct Written {
        std::string file;
        std::int64_t offset{};
        std::string before;     ///< what stood there
        std::int64_t length{};  ///< of the file, before
    };
    /// SQLITE_OK, or the error to return instead of doing it.
    int about_to_write();
    int about_to_sync();
    void wrote(Written what);
    void synced(const std::string& file);

private:
    int count(DiskFault mine, int error);

    DiskFault fault_ = DiskFault::write;
    std::int64_t left_ = 0;  // calls until it happens; 0: never
    bool failed_ = false;
    bool dead_ = false;
    std::mt19937_64 random_;
    std::vector<Written> unsynced_;
};

}  // namespace hashprice::storage::test
