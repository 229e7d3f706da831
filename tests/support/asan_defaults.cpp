// Linked into hashprice under a sanitizer. Its runtime wants to be loaded before all other
// libraries; the tests of clocks load libfaketime before it, which is fine.
extern "C" const char* __asan_default_options();  // NOLINT(bugprone-reserved-identifier)
extern "C" const char* __asan_default_options() { return "verify_asan_link_order=0"; }
