// The fuzz targets for a moment: every seed, and some thousand damaged ones, the same in every run.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "tests/fuzz/target.hpp"

namespace hashprice::fuzz {
namespace {

using Random = std::mt19937_64;

std::size_t below(Random& random, std::size_t bound) { return bound == 0 ? 0 : random() % bound; }

/// One small damage, as libFuzzer does it.
void damage(std::string& text, const Target& target, Random& random) {
    const std::size_t at = below(random, text.size() + 1);
    const std::size_t length = below(random, std::min<std::size_t>(text.size() - at, 16) + 1);
    switch (random() % 8) {
        case 0:
            if (at < text.size()) text[at] = static_cast<char>(text[at] ^ 1 << random() % 8);
            break;
        case 1:
            if (at < text.size()) text[at] = static_cast<char>(random());
            break;
        case 2:
            text.erase(at, length);
            break;
        case 3:
            text.insert(at, text.substr(at, length));
            break;
        case 4:
            text.insert(at, target.words[below(random, target.words.size())]);
            break;
        case 5:
            text.replace(at, length, target.words[below(random, target.words.size())]);
            break;
        case 6:
            text.resize(at);
            break;
        default: {
            const std::string& other = target.seeds[below(random, target.seeds.size())];
            text = text.substr(0, at) + other.substr(std::min(at, other.size()));
        }
    }
}

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    return out;
}

class Fuzz : public testing::TestWithParam<Target> {
protected:
    void feed(const std::string& input) {
        try {
            GetParam().run(input);
        } catch (const std::exception& e) {
            ADD_FAILURE() << e.what() << "\nof \"" << escaped(input) << '"';
        }
    }
};
INSTANTIATE_TEST_SUITE_P(Targets, Fuzz, testing::ValuesIn(targets()),
                         [](const auto& target) { return target.param.name; });

TEST_P(Fuzz, NothingThatIsReallySentBreaksAPromise) {
    ASSERT_FALSE(GetParam().seeds.empty());
    feed("");
    for (const std::string& seed : GetParam().seeds) feed(seed);
}

TEST_P(Fuzz, NothingDamagedBreaksAPromise) {
    constexpr int kRounds = 3'000;
    const Target& target = GetParam();
    Random random(20251115);
    for (int n = 0; n < kRounds && !HasFailure(); ++n) {
        std::string input = target.seeds[below(random, target.seeds.size())];
        for (std::size_t times = 1 + below(random, 5); times > 0; --times)
            damage(input, target, random);
        feed(input);
    }
}

}  // namespace
}  // namespace hashprice::fuzz
