#include "ingest/live/chain_walk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "ingest/sources/plausible.hpp"

namespace hashprice::ingest {

using domain::Block;
using domain::Errc;
using domain::fail;
using domain::Result;
using domain::Status;

namespace {

/// Fee histories know no hash: then header time and bits have to do.
bool same(const Block& stored, const Block& said) {
    if (stored.hash && said.hash) return *stored.hash == *said.hash;
    return stored.time == said.time && stored.bits == said.bits;
}

/// How a branch stands on what is stored.
enum class Footing { firm, differs };

Result<Footing> footing_of(const Block& lowest, const StoredAt& stored) {
    const auto there = stored(lowest.height);
    if (!there) return tl::unexpected(there.error());
    if (*there) return same((*there)->fact, lowest) ? Footing::firm : Footing::differs;
    const auto below = stored(lowest.height - 1);
    if (!below) return tl::unexpected(below.error());
    if (!*below) return Footing::firm;
    const Block& base = (*below)->fact;
    if (base.hash && lowest.parent && *base.hash != *lowest.parent) return Footing::differs;
    const std::array pair{base, lowest};  // the parent fits: do the bits?
    const Status fits = check_chain(pair);
    if (!fits) return tl::unexpected(fits.error());
    return Footing::firm;
}

Status prepend(std::vector<Block>& blocks, std::vector<Block> page) {
    if (!blocks.empty()) {
        const Block& upper = blocks.front();
        if (page.back().height != upper.height - 1 ||
            (upper.parent && page.back().hash && *upper.parent != *page.back().hash)) {
            return fail(
                Errc::out_of_range,
                fmt::format("the chain changed below block {} while it was read", upper.height));
        }
        page.insert(page.end(), blocks.begin(), blocks.end());
    }
    blocks = std::move(page);
    return {};
}

/// The way down from the source's tip, page by page.
class Descent {
public:
    Descent(const ChainSource& source, Visit& visit, const ChainWalk& walk, const StoredAt& stored)
        : source_(source), visit_(visit), walk_(walk), stored_(stored), cursor_(walk.top) {}

    [[nodiscard]] bool over() const {
        const bool met = footing_ == Footing::firm && cursor_ < walk_.lowest;
        return cursor_ < 0 || met || ended_;
    }

    Status step() {
        if (cursor_ < walk_.lowest - kDeepestReorg) return too_deep();
        auto page = source_.blocks_to(visit_, cursor_);
        if (!page) return give_up(page.error());
        ended_ = page->empty();
        return ended_ ? Status{} : take(std::move(*page));
    }

    /// What was read, and where it leaves the stored chain.
    Result<ChainNews> news() && {
        for (const Block& block : news_.blocks) {
            const auto there = stored_(block.height);
            if (!there) return tl::unexpected(there.error());
            if (!*there || same((*there)->fact, block)) continue;
            news_.fork = block.height;
            break;
        }
        // pages reach further than what is believed
        if (news_.fork && *news_.fork < walk_.lowest - kDeepestReorg) return too_deep();
        return std::move(news_);
    }

private:
    static tl::unexpected<domain::Error> too_deep() {
        return fail(Errc::out_of_range,
                    fmt::format("another branch for more than {} blocks: not followed; if it is "
                                "right, retract the stored blocks",
                                kDeepestReorg));
    }

    /// A branch that was read in part cannot be followed; anything else is good as far as it goes.
    Status give_up(const domain::Error& error) {
        if (footing_ == Footing::differs) return tl::unexpected(error);
        news_.cut_short = error;
        ended_ = true;
        return {};
    }

    Status take(std::vector<Block> page) {
        Status linked = prepend(news_.blocks, std::move(page));
        if (!linked) return linked;
        const auto found = footing_of(news_.blocks.front(), stored_);
        if (!found) return tl::unexpected(found.error());
        footing_ = *found;
        cursor_ = news_.blocks.front().height - 1;
        return {};
    }

    const ChainSource& source_;
    Visit& visit_;
    const ChainWalk& walk_;
    const StoredAt& stored_;
    std::int64_t cursor_;                 // the next page's top
    Footing footing_ = Footing::differs;  // of the lowest block read; nothing is read yet
    bool ended_ = false;
    ChainNews news_;
};

}  // namespace

Result<ChainNews> walk_chain(const ChainSource& source, Visit& visit, const ChainWalk& walk,
                             const StoredAt& stored) {
    Descent descent(source, visit, walk, stored);
    while (!descent.over()) {
        const Status stepped = descent.step();
        if (!stepped) return tl::unexpected(stepped.error());
    }
    return std::move(descent).news();
}

}  // namespace hashprice::ingest
