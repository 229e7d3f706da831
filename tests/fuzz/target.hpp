#pragma once
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// What is fed with damaged input, by libFuzzer for hours (tests/fuzz/campaign.py) and by the suite
/// for a moment (smoke_test.cpp).
namespace hashprice::fuzz {

struct Target {
    std::string name;
    /// Takes any bytes.   throws  BrokenPromise when what came of them cannot be
    std::function<void(std::string_view input)> run;
    std::vector<std::string> seeds;  ///< inputs as they are really sent
    std::vector<std::string> words;  ///< pieces that a mutation may put in
    bool thorough = false;           ///< ten million executions in the campaign, not one
};

struct BrokenPromise : std::logic_error {
    using std::logic_error::logic_error;
};

inline void must(bool holds, const char* promise) {
    if (!holds) throw BrokenPromise(promise);
}

const std::vector<Target>& targets();

// a room's targets each
std::vector<Target> decoder_targets();
std::vector<Target> text_targets();
std::vector<Target> config_targets();
std::vector<Target> import_targets();
std::vector<Target> http_targets();

}  // namespace hashprice::fuzz
