// libFuzzer's two entries: tests/fuzz/campaign.py and docs/testing.md tell how it is called.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/fuzz/target.hpp"

namespace hashprice::fuzz {
namespace {

const Target* chosen = nullptr;

void list() {
    for (const Target& target : targets())
        std::printf("%s %s\n", target.name.c_str(), target.thorough ? "10000000" : "1000000");
}

/// libFuzzer's dictionary: a quoted word a line.
void write_words(const Target& target, const std::filesystem::path& file) {
    std::ofstream out(file);
    for (const std::string& word : target.words) {
        out << '"';
        for (const char c : word) {
            static constexpr const char* kHex = "0123456789abcdef";
            const auto byte = static_cast<unsigned char>(c);
            out << "\\x" << kHex[byte >> 4U] << kHex[byte & 15U];
        }
        out << "\"\n";
    }
}

void write_seeds(const Target& target, const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    for (std::size_t n = 0; n < target.seeds.size(); ++n)
        std::ofstream(folder / ("seed-" + std::to_string(n)), std::ios::binary) << target.seeds[n];
    write_words(target, folder.string() + ".dict");
}

int usage() {
    std::fprintf(stderr,
                 "usage: fuzz list | fuzz TARGET seeds FOLDER | fuzz TARGET [LIBFUZZER OPTIONS]\n");
    return 2;
}

}  // namespace

/// Takes the target's name out of the arguments, so that libFuzzer never sees it.
void choose(int& argc, char** argv) {
    const std::string name = argc > 1 ? argv[1] : "";
    if (name == "list") {
        list();
        std::exit(0);
    }
    for (const Target& target : targets()) {
        if (target.name == name) chosen = &target;
    }
    if (chosen == nullptr) std::exit(usage());
    if (argc == 4 && std::string_view(argv[2]) == "seeds") {
        write_seeds(*chosen, argv[3]);
        std::exit(0);
    }
    for (int n = 1; n + 1 < argc; ++n) argv[n] = argv[n + 1];
    --argc;
}

void feed(std::string_view input) {
    try {
        chosen->run(input);
    } catch (const BrokenPromise& e) {
        std::fprintf(stderr, "broken promise: %s\n", e.what());
        std::abort();
    }
}

}  // namespace hashprice::fuzz

// The names are libFuzzer's.
extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
    hashprice::fuzz::choose(*argc, *argv);
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    hashprice::fuzz::feed({reinterpret_cast<const char*>(data), size});
    return 0;
}
