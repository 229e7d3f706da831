#include "storage/lock_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>
#include <utility>

namespace hashprice::storage {

using domain::Errc;
using domain::fail;

namespace {

std::string lock_path(const std::filesystem::path& database, const std::string& kind) {
    return fmt::format("{}.{}.lock", database.string(), kind);
}

}  // namespace

domain::Result<LockFile> LockFile::take(const std::filesystem::path& database,
                                        const std::string& kind) {
    const std::string path = lock_path(database, kind);
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0) {
        return fail(Errc::database, fmt::format("cannot make {}: {}", path,
                                                std::generic_category().message(errno)));
    }
    // somebody who looks whether it is held (`held`) has it for a moment: a few tries do
    for (int tries = 0; tries < 5; ++tries) {  // no mutant
        if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return LockFile(fd);
        std::this_thread::sleep_for(std::chrono::milliseconds{10});  // no mutant
    }
    ::close(fd);
    return fail(
        Errc::locked,
        fmt::format("another {} works on {}; end it first, or name another database with --db",
                    kind, database.string()));
}

// whichever number below 0: none
LockFile::LockFile(LockFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}  // no mutant

LockFile::~LockFile() {
    if (fd_ >= 0) ::close(fd_);
}

bool LockFile::held(const std::filesystem::path& database, const std::string& kind) {
    const int fd = ::open(lock_path(database, kind).c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    const bool free = ::flock(fd, LOCK_SH | LOCK_NB) == 0;
    ::close(fd);
    return !free;
}

}  // namespace hashprice::storage
