#include "config/suggest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace hashprice::config {
namespace {

constexpr std::size_t kLongestWord = 100;

/// Letters to insert, delete, replace or swap with their neighbour to get from a to b; `enough` or
/// more when there are so many.
std::size_t edits(std::string_view a, std::string_view b, std::size_t enough) {
    // as many letters as one is longer than the other are edits at least
    const auto [shorter, longer] = std::minmax({a.size(), b.size()});
    if (longer - shorter >= enough) return enough;
    std::vector<std::size_t> before_last(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
    std::size_t least_before = 0;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        std::size_t least = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], before_last[j - 2] + 1);
            }
            least = std::min(least, row[j]);
        }
        // a swap leads past one row, so that only two together bar the way
        if (std::min(least, least_before) >= enough) return enough;
        least_before = least;
        before_last.swap(last);
        last.swap(row);
    }
    return last[b.size()];
}

}  // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates) {
    if (word.size() > kLongestWord) return "";
    std::string_view best;
    std::size_t fewest = word.size() < 4 ? 2 : word.size() / 3 + 1;  // from here on it is a guess
    for (const std::string_view candidate : candidates) {
        const std::size_t n = edits(word, candidate, fewest);
        if (n < fewest) {
            fewest = n;
            best = candidate;
        }
    }
    return best;
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
    const auto meant = nearest(word, candidates);
    return meant.empty() ? "" : fmt::format("; did you mean '{}'?", meant);
}

}  // namespace hashprice::config
