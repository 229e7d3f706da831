// AddressSanitizer gives each block of some hundred kilobytes back to the system, and what it notes
// about it too. The CSV reader takes 3 MB for every file, so that most of an import was spent on
// fresh pages. Here one such array is kept for the next who asks for its size; until then it is
// poisoned, and whoever still uses it is reported.
//
// The linker leads new char[] and delete[] of our objects here (--wrap); the others go on as they
// are.
#include <sanitizer/allocator_interface.h>
#include <sanitizer/asan_interface.h>

#include <cstddef>
#include <utility>

namespace {

constexpr std::size_t kBig = 1U << 20U;
void* kept = nullptr;
std::size_t kept_size = 0;

}  // namespace

// The names are the linker's.
// NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" void* __real__Znam(std::size_t size);
extern "C" void __real__ZdaPv(void* block);

extern "C" void* __wrap__Znam(std::size_t size) {
    if (kept == nullptr || size != kept_size) return __real__Znam(size);
    ASAN_UNPOISON_MEMORY_REGION(kept, kept_size);
    return std::exchange(kept, nullptr);
}

extern "C" void __wrap__ZdaPv(void* block) {
    const std::size_t size = block == nullptr ? 0 : __sanitizer_get_allocated_size(block);
    if (kept != nullptr || size < kBig) return __real__ZdaPv(block);
    kept = block;
    kept_size = size;
    ASAN_POISON_MEMORY_REGION(kept, kept_size);
}
// NOLINTEND(bugprone-reserved-identifier)
