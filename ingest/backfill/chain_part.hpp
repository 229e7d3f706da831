#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "ingest/backfill/asker.hpp"
#include "ingest/backfill/plan.hpp"

namespace hashprice::ingest {

/// A part of what was asked for that is not there, and why.
struct MissingPart {
    std::string what;  ///< "blocks", "prices", "prices of coinbase"
    Range range;
    std::string why;
};

/// Who is asked about the chain.
struct ChainSources {
    const Source* fees = nullptr;      ///< has windows of fees per block; may be none
    std::vector<const Source*> pages;  ///< in the order in which they are asked

    [[nodiscard]] bool none() const { return fees == nullptr && pages.empty(); }
};

/// Brings the blocks of one chunk: fee windows first, then pages for what they leave open.
///
///   owns      what it found until it is taken
///   outlives  asker and sources must live longer
///   threads   one
class ChainPart {
public:
    struct Known {
        std::vector<storage::Sourced<domain::Block>>
            blocks;                         ///< with fees; in and around the chunk
        std::vector<domain::Epoch> epochs;  ///< ascending
        std::vector<BlockFees> edge;  ///< lowest rows of the chunk after this one, as they came
    };
    ChainPart(Asker& asker, const ChainSources& sources, const Chunk& chunk, Known known);

    /// Called whenever `limit` blocks have come and should be stored: take_blocks() then.
    void when_full(std::size_t limit, std::function<void()> store);

    /// Nothing newer than what is stored is to be asked for.
    void reaches_tip() { at_tip_ = true; }

    void run();

    /// New blocks by source; empty afterwards.
    std::map<std::string, std::vector<domain::Block>> take_blocks();
    /// What is left open.
    [[nodiscard]] std::vector<MissingPart> missing() const;
    /// The lowest rows, for the chunk before this one.
    [[nodiscard]] const std::vector<BlockFees>& edge() const { return edge_; }

private:
    void ask_windows(const std::vector<Range>& windows);
    void keep_exact_rows(const std::vector<Range>& windows);
    void keep_edge(const std::vector<Range>& windows);
    void fill_from_pages();
    /// The newest block known lies so long before the chunk's end that blocks must be missing.
    [[nodiscard]] bool short_of_the_end() const;
    void seek_top();
    std::optional<std::int64_t> first_guess();
    [[nodiscard]] std::optional<std::int64_t> better_guess(
        const std::vector<domain::Block>& page) const;
    void fill_upward();
    void fill_downward();
    void fill(Heights gap);
    [[nodiscard]] bool open_at_bottom() const;
    [[nodiscard]] std::int64_t estimate(UtcSeconds t) const;
    [[nodiscard]] std::vector<HeldBlock> held() const;
    /// A page without blocks: above the tip nobody has any, in a hole another source may.
    enum class Empty { is_an_answer, asks_the_next };
    domain::Result<std::vector<domain::Block>> page(std::int64_t top, Empty empty);
    /// How many of them are new.
    int keep(const Source& source, const std::vector<domain::Block>& blocks);

    Asker& asker_;
    ChainSources sources_;
    Chunk chunk_;
    Known known_;
    std::map<std::int64_t, UtcSeconds> have_;  ///< by height: stored or found
    std::vector<BlockFees> rows_;              ///< as they came
    std::vector<BlockFees> edge_;
    std::map<std::string, std::vector<domain::Block>> found_;
    std::size_t found_count_ = 0;
    bool at_tip_ = false;
    std::string trouble_;  ///< the last error
    std::size_t limit_ = SIZE_MAX;
    std::function<void()> store_;
};

}  // namespace hashprice::ingest
