#include "tests/storage/faulty_vfs.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <new>

namespace hashprice::storage::test {
namespace {

FaultyDisk* disk = nullptr;  // the one that lives
sqlite3_vfs* real = nullptr;
sqlite3_vfs vfs;

struct File {
    sqlite3_file base;
    std::string* name;
    sqlite3_file* under;
};
File& file_of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
sqlite3_file* under(sqlite3_file* file) { return file_of(file).under; }

int close_file(sqlite3_file* file) {
    delete file_of(file).name;
    return under(file)->pMethods->xClose(under(file));
}
int read_file(sqlite3_file* file, void* out, int size, sqlite3_int64 at) {
    return under(file)->pMethods->xRead(under(file), out, size, at);
}
FaultyDisk::Written as_it_is(sqlite3_file* file, std::int64_t at, std::size_t size) {
    FaultyDisk::Written what{
        .file = *file_of(file).name, .offset = at, .before = std::string(size, '\0')};
    sqlite3_int64 length = 0;
    under(file)->pMethods->xFileSize(under(file), &length);
    what.length = length;
    read_file(file, what.before.data(), static_cast<int>(size), at);  // short: zeros
    return what;
}
int write_file(sqlite3_file* file, const void* data, int size, sqlite3_int64 at) {
    if (const int error = disk->about_to_write(); error != SQLITE_OK) return error;
    disk->wrote(as_it_is(file, at, static_cast<std::size_t>(size)));
    return under(file)->pMethods->xWrite(under(file), data, size, at);
}
int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    if (const int error = disk->about_to_write(); error != SQLITE_OK) return error;
    return under(file)->pMethods->xTruncate(under(file), size);
}
/// The real one would only take time: what a lost power loses is decided here.
int sync_file(sqlite3_file* file, int /*flags*/) {
    if (const int error = disk->about_to_sync(); error != SQLITE_OK) return error;
    disk->synced(*file_of(file).name);
    return SQLITE_OK;
}
int file_size(sqlite3_file* file, sqlite3_int64* size) {
    return under(file)->pMethods->xFileSize(under(file), size);
}
int lock_file(sqlite3_file* file, int level) {
    return under(file)->pMethods->xLock(under(file), level);
}
int unlock_file(sqlite3_file* file, int level) {
    return under(file)->pMethods->xUnlock(under(file), level);
}
int check_lock(sqlite3_file* file, int* out) {
    return under(file)->pMethods->xCheckReservedLock(under(file), out);
}
int control(sqlite3_file* file, int what, void* argument) {
    return under(file)->pMethods->xFileControl(under(file), what, argument);
}
int sector_size(sqlite3_file* file) { return under(file)->pMethods->xSectorSize(under(file)); }
int traits(sqlite3_file* file) {
    return under(file)->pMethods->xDeviceCharacteristics(under(file));
}
int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
    return under(file)->pMethods->xShmMap(under(file), page, size, extend, out);
}
int shm_lock(sqlite3_file* file, int offset, int n, int flags) {
    return under(file)->pMethods->xShmLock(under(file), offset, n, flags);
}
void shm_barrier(sqlite3_file* file) { under(file)->pMethods->xShmBarrier(under(file)); }
int shm_unmap(sqlite3_file* file, int remove) {
    return under(file)->pMethods->xShmUnmap(under(file), remove);
}

const sqlite3_io_methods kMethods{2,           close_file,  read_file, write_file,  truncate_file,
                                  sync_file,   file_size,   lock_file, unlock_file, check_lock,
                                  control,     sector_size, traits,    shm_map,     shm_lock,
                                  shm_barrier, shm_unmap,   nullptr,   nullptr};

int open_file(sqlite3_vfs* /*self*/, const char* name, sqlite3_file* file, int flags, int* out) {
    File& ours = *new (file) File{};
    ours.under = reinterpret_cast<sqlite3_file*>(&ours + 1);
    const int opened = real->xOpen(real, name, ours.under, flags, out);
    if (opened != SQLITE_OK || ours.under->pMethods == nullptr) return opened;
    ours.name = new std::string(name == nullptr ? "" : name);
    ours.base.pMethods = &kMethods;
    return opened;
}

}  // namespace

FaultyDisk::FaultyDisk() {
    real = sqlite3_vfs_find(nullptr);
    vfs = *real;
    vfs.zName = "faulty";
    vfs.szOsFile = static_cast<int>(sizeof(File)) + real->szOsFile;
    vfs.xOpen = open_file;
    disk = this;
    sqlite3_vfs_register(&vfs, 1);
}

FaultyDisk::~FaultyDisk() {
    sqlite3_vfs_unregister(&vfs);
    sqlite3_vfs_register(real, 1);
    disk = nullptr;
}

void FaultyDisk::fail(DiskFault fault, std::int64_t at, std::uint64_t seed) {
    fault_ = fault;
    left_ = at;
    failed_ = dead_ = false;
    random_.seed(seed);
    unsynced_.clear();
}

int FaultyDisk::count(DiskFault mine, int error) {
    if (dead_) return error;
    if (fault_ != mine && fault_ != DiskFault::power_cut) return SQLITE_OK;
    if (left_ == 0 || --left_ > 0) return SQLITE_OK;
    failed_ = true;
    dead_ = fault_ == DiskFault::power_cut || fault_ == DiskFault::full;
    return error;
}

int FaultyDisk::about_to_write() {
    const bool full = fault_ == DiskFault::full;
    return count(full ? DiskFault::full : DiskFault::write,
                 full ? SQLITE_FULL : SQLITE_IOERR_WRITE);
}

int FaultyDisk::about_to_sync() {
    if (fault_ == DiskFault::full) return SQLITE_OK;
    return count(DiskFault::sync, SQLITE_IOERR_FSYNC);
}

void FaultyDisk::wrote(Written what) {
    if (fault_ == DiskFault::power_cut) unsynced_.push_back(std::move(what));
}

void FaultyDisk::synced(const std::string& file) {
    std::erase_if(unsynced_, [&](const Written& w) { return w.file == file; });
}

void FaultyDisk::restart() {
    std::ranges::reverse(unsynced_);  // what was there before the first of two writes stays
    for (const Written& w : unsynced_) {
        if (random_() % 2 == 0 || !std::filesystem::exists(w.file)) continue;  // this one arrived
        std::fstream out(w.file, std::ios::in | std::ios::out | std::ios::binary);
        out.seekp(w.offset);
        out.write(w.before.data(), static_cast<std::streamsize>(w.before.size()));
    }
    unsynced_.clear();
    left_ = 0;
    dead_ = false;
}

}  // namespace hashprice::storage::test
