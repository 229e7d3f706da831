// Linked into hashprice under a sanitizer: what its runtime asks the program.
// NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" const char* __asan_default_options();
extern "C" const char* __lsan_default_suppressions();

/// The runtime wants to be loaded before all other libraries; the tests of clocks load libfaketime
/// before it, which is fine.
extern "C" const char* __asan_default_options() { return "verify_asan_link_order=0"; }

/// What glibc's setlocale keeps of LOCPATH, once a process.
extern "C" const char* __lsan_default_suppressions() { return "leak:argz_add_sep"; }
// NOLINTEND(bugprone-reserved-identifier)
