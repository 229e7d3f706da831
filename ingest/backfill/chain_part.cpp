#include "ingest/backfill/chain_part.hpp"

#include <algorithm>
#include <optional>

#include "domain/consensus.hpp"
#include "ingest/sources/fee_rows.hpp"

namespace hashprice::ingest {

using domain::Block;
using domain::Result;

namespace {

constexpr std::int64_t kFeeBlocks = 144;
constexpr std::size_t kEdgeRows = 6;
/// What pages may fill at the ends of a chunk whose fee windows came.
constexpr seconds kPagedEdge = 6 * domain::kHour;
constexpr int kSeeks = 6;

/// A block in the shape of a fee history's row.
BlockFees row_of(const Block& block) {
    return {block.height, block.time, block.fees.value_or(domain::Satoshi{0}), false};
}

bool in_any(const std::vector<Range>& ranges, UtcSeconds t) {
    return std::ranges::any_of(ranges, [t](const Range& r) { return t >= r.from && t < r.to; });
}

}  // namespace

ChainPart::ChainPart(Asker& asker, const ChainSources& sources, const Chunk& chunk, Known known)
    : asker_(asker), sources_(sources), chunk_(chunk), known_(std::move(known)) {
    for (const auto& stored : known_.blocks) have_[stored.fact.height] = stored.fact.time;
}

void ChainPart::when_full(std::size_t limit, std::function<void()> store) {
    limit_ = limit;
    store_ = std::move(store);
}

std::vector<HeldBlock> ChainPart::held() const {
    std::vector<HeldBlock> held;
    held.reserve(have_.size());
    for (const auto& [height, time] : have_) held.push_back({height, time});
    return held;
}

std::map<std::string, std::vector<Block>> ChainPart::take_blocks() {
    found_count_ = 0;
    return std::exchange(found_, {});
}

void ChainPart::run() {
    if (sources_.none()) return;
    const auto stretches = missing_stretches(held(), chunk_.blocks);
    if (sources_.fees != nullptr) {
        const auto windows = fee_windows(stretches, sources_.fees->fees()->block_window());
        ask_windows(windows);
        keep_exact_rows(windows);
    }
    fill_from_pages();
    // a node that stands still or is pruned is no reason to do without the others
    while (sources_.fees == nullptr && sources_.pages.size() > 1 && short_of_the_end()) {
        sources_.pages.erase(sources_.pages.begin());
        fill_from_pages();
    }
}

void ChainPart::fill_from_pages() {
    if (sources_.pages.empty() || asker_.stopped()) return;
    const bool open = !missing_stretches(held(), chunk_.blocks).empty();
    if (sources_.fees == nullptr && open) seek_top();
    fill_upward();
    for (const Heights& gap : missing_heights_of(held())) fill(gap);
    fill_downward();
}

bool ChainPart::short_of_the_end() const {
    if (at_tip_ || asker_.stopped()) return false;
    const UtcSeconds end = std::min(chunk_.blocks.to, asker_.now());
    return have_.empty() || have_.rbegin()->second + kLongestPause < end;
}

void ChainPart::ask_windows(const std::vector<Range>& windows) {
    for (const Range& window : windows) {
        const auto rows = asker_.ask(*sources_.fees, [&](Visit& visit) {
            return sources_.fees->fees()->block_fees(visit, window);
        });
        if (rows) {
            rows_.insert(rows_.end(), rows->begin(), rows->end());
        } else {
            trouble_ = rows.error().what;
        }
        if (asker_.stopped()) return;
    }
}

/// Rows are judged by their neighbours: those of this chunk, those of the chunk after it, and what
/// is stored outside the windows.
void ChainPart::keep_exact_rows(const std::vector<Range>& windows) {
    std::vector<BlockFees> rows = rows_;
    rows.insert(rows.end(), known_.edge.begin(), known_.edge.end());
    const auto among_edge = [&](std::int64_t height) {
        return std::ranges::find(known_.edge, height, &BlockFees::height) != known_.edge.end();
    };
    for (const auto& stored : known_.blocks) {
        const bool asked = in_any(windows, stored.fact.time) || among_edge(stored.fact.height);
        if (!asked) rows.push_back(row_of(stored.fact));
    }
    mark_exact(rows);
    std::vector<Block> exact = blocks_of(rows, known_.epochs);
    std::erase_if(
        exact, [&](const Block& b) { return !in_any(windows, b.time) && !among_edge(b.height); });
    keep(*sources_.fees, exact);
    keep_edge(windows);
}

/// Only rows at the very bottom have their neighbours in the chunk before.
void ChainPart::keep_edge(const std::vector<Range>& windows) {
    if (windows.empty() || windows.front().from != chunk_.blocks.from) return;
    std::ranges::sort(rows_, {}, &BlockFees::time);
    for (const BlockFees& row : rows_) {
        if (row.time < windows.front().to && edge_.size() < kEdgeRows) edge_.push_back(row);
    }
}

int ChainPart::keep(const Source& source, const std::vector<Block>& blocks) {
    int fresh = 0;
    for (const Block& block : blocks) {
        if (!have_.try_emplace(block.height, block.time).second) continue;
        found_[source.name()].push_back(block);
        ++found_count_;
        ++fresh;
    }
    if (found_count_ >= limit_ && store_) store_();
    return fresh;
}

Result<std::vector<Block>> ChainPart::page(std::int64_t top, Empty empty) {
    Result<std::vector<Block>> answer = domain::fail(domain::Errc::not_found, "nobody to ask");
    for (const Source* source : sources_.pages) {
        answer = asker_.ask(*source,
                            [&](Visit& visit) { return source->chain()->blocks_to(visit, top); });
        if (answer && !answer->empty()) {
            keep(*source, *answer);
            break;
        }
        if (!answer) trouble_ = answer.error().what;
        if (asker_.stopped() || (answer && empty == Empty::is_an_answer)) break;
    }
    return answer;
}

/// Pages from the top of the gap downward, then from its bottom upward, each as long as they bring
/// something: where a source has a hole, both its edges are found.
void ChainPart::fill(Heights gap) {
    const auto open = [&](std::int64_t height) { return have_.count(height) == 0; };
    const auto brings = [&](std::int64_t top) {
        const std::size_t before = have_.size();
        return page(top, Empty::asks_the_next).has_value() && have_.size() > before &&
               !asker_.stopped();
    };
    std::int64_t top = gap.to - 1;
    while (top >= gap.from && brings(top)) {
        while (top >= gap.from && !open(top)) --top;
    }
    // fee rows leave two heights open beside a hole
    std::int64_t bottom = gap.from;
    std::int64_t reach = 1;
    while (bottom <= top && !asker_.stopped() && brings(std::min(bottom + reach, top))) {
        while (bottom <= top && !open(bottom)) ++bottom;
        reach = sources_.pages.front()->chain()->page_size() - 1;
    }
}

std::int64_t ChainPart::estimate(UtcSeconds t) const {
    const auto& epochs = known_.epochs;
    const auto next = std::ranges::upper_bound(epochs, t, {}, &domain::Epoch::start_time);
    if (next == epochs.begin()) return 0;
    const domain::Epoch& epoch = *std::prev(next);
    const seconds spacing =
        next == epochs.end()
            ? domain::kTargetSpacing
            : std::max(seconds{1},
                       (next->start_time - epoch.start_time) /
                           std::max<std::int64_t>(1, next->start_height - epoch.start_height));
    return epoch.start_height + (t - epoch.start_time) / spacing;
}

/// Where to look for the block at the chunk's end; none: nobody says.
std::optional<std::int64_t> ChainPart::first_guess() {
    if (!known_.epochs.empty()) return estimate(chunk_.blocks.to);
    const Source& source = *sources_.pages.front();
    const auto tip =
        asker_.ask(source, [&](Visit& visit) { return source.chain()->tip_height(visit); });
    return tip ? std::optional(*tip) : std::nullopt;
}

/// Without fee windows: finds the blocks at the chunk's end, from where pages lead downward.
void ChainPart::seek_top() {
    if (!have_.empty() && have_.rbegin()->second + kPagedEdge >= chunk_.blocks.to) return;
    std::optional<std::int64_t> top = first_guess();
    for (int i = 0; i < kSeeks && top && !asker_.stopped(); ++i) {
        const auto answer = page(*top, Empty::is_an_answer);
        if (!answer) return;
        if (answer->empty()) {  // above the tip
            known_.epochs.clear();
            const auto tip = first_guess();
            if (!tip || *top <= *tip) return;
            top = tip;
            continue;
        }
        top = better_guess(*answer);
    }
}

/// none: the page reaches the chunk's end, or there is nothing above it.
std::optional<std::int64_t> ChainPart::better_guess(const std::vector<Block>& page) const {
    const UtcSeconds end = chunk_.blocks.to;
    const Block& first = page.front();
    const Block& last = page.back();
    if (first.time > end) return first.height - (first.time - end) / domain::kTargetSpacing - 1;
    if (last.time + kPagedEdge >= end) return std::nullopt;
    return last.height + std::max<std::int64_t>(1, (end - last.time) / domain::kTargetSpacing);
}

/// The newest hour or two are not in fee histories yet.
void ChainPart::fill_upward() {
    while (!have_.empty() && !asker_.stopped()) {
        const auto [height, time] = *have_.rbegin();
        if (at_tip_ && time + kPagedEdge >= asker_.now()) return;
        if (time >= chunk_.blocks.to || time + kPagedEdge < chunk_.blocks.to) return;
        const auto answer =
            page(height + sources_.pages.front()->chain()->page_size(), Empty::is_an_answer);
        if (!answer || have_.rbegin()->first == height) return;
    }
}

/// Without fee windows everything comes from pages. With them, only what the first fee window of
/// the range is short of: where another chunk follows below, its rows close the edge.
bool ChainPart::open_at_bottom() const {
    const auto [lowest, time] = *have_.begin();
    if (lowest == 0) return false;
    if (sources_.fees == nullptr && time > chunk_.blocks.from) return true;
    if (!chunk_.oldest || time > chunk_.blocks.from + kPagedEdge) return false;
    const auto before = std::ranges::count_if(
        have_, [&](const auto& block) { return block.second <= chunk_.instants.from; });
    return before > 0 && before < kFeeBlocks;
}

void ChainPart::fill_downward() {
    while (!have_.empty() && !asker_.stopped() && open_at_bottom()) {
        const std::int64_t lowest = have_.begin()->first;
        const auto answer = page(lowest - 1, Empty::asks_the_next);
        if (!answer || have_.begin()->first == lowest) return;
    }
}

std::vector<MissingPart> ChainPart::missing() const {
    const std::string why = !trouble_.empty() ? trouble_
                            : sources_.none() ? "no source knows blocks"
                                              : "the sources do not have them";
    const UtcSeconds end = std::min(chunk_.blocks.to, asker_.now());
    std::vector<MissingPart> parts;
    if (have_.empty()) {
        parts.push_back({"blocks", {chunk_.blocks.from, end}, why});
        return parts;
    }
    const auto add = [&](UtcSeconds from, UtcSeconds to) {
        const Range part{std::max(from, chunk_.blocks.from), std::min(to, end)};
        if (!part.empty()) parts.push_back({"blocks", part, why});
    };
    const UtcSeconds lowest = have_.begin()->second;
    if (lowest > chunk_.blocks.from + kLongestPause) add(chunk_.blocks.from, lowest);
    const auto all = held();
    for (std::size_t i = 1; i < all.size(); ++i) {
        if (all[i].height > all[i - 1].height + 1) add(all[i - 1].time, all[i].time + seconds{1});
    }
    const UtcSeconds highest = have_.rbegin()->second;
    if (highest + kLongestPause < end) add(highest, end);
    return parts;
}

}  // namespace hashprice::ingest
