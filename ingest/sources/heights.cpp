#include "ingest/sources/heights.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "ingest/sources/plausible.hpp"

namespace hashprice::ingest {

using domain::Block;
using domain::Errc;
using domain::fail;
using domain::Result;

Result<std::int64_t> decode_height_text(std::string_view body) {
    constexpr std::size_t kLongestHeight = 12;
    if (body.ends_with('\n')) body.remove_suffix(1);
    std::int64_t height = 0;
    const char* end = body.data() + body.size();
    const auto [stop, error] = std::from_chars(body.data(), end, height);
    if (body.size() > kLongestHeight || error != std::errc{} || stop != end || height < 0) {
        return fail(Errc::bad_payload, "the body is no height in plain digits");
    }
    if (height == 0 || height > kHighestHeight) {
        return fail(Errc::out_of_range, fmt::format("height {} cannot be the tip", height));
    }
    return height;
}

Result<std::vector<Block>> checked_page(std::vector<Block> newest_first) {
    std::ranges::reverse(newest_first);
    for (const Block& block : newest_first) {
        const auto sane = check_block(block);
        if (!sane) return tl::unexpected(sane.error());
    }
    const auto linked = check_chain(newest_first);
    if (!linked) return tl::unexpected(linked.error());
    return newest_first;
}

Result<std::vector<Block>> not_above(std::int64_t top, Result<std::vector<Block>> page) {
    if (page && !page->empty() && page->back().height > top) {
        return fail(Errc::out_of_range, fmt::format("asked for blocks up to {}, got height {}", top,
                                                    page->back().height));
    }
    return page;
}

}  // namespace hashprice::ingest
