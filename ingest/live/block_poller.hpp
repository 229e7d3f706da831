#pragma once
#include <map>
#include <memory>
#include <vector>

#include "ingest/live/chain_walk.hpp"
#include "ingest/live/contact.hpp"
#include "ingest/live/routine.hpp"

namespace hashprice::ingest {

/// Follows the tip of the chain.
///
/// Each round asks the first source that is fit for it for its tip, reads what is new down to the
/// stored tip, and follows reorganizations. Of a chain that is far ahead of what is stored it reads
/// the newest kLiveBlocks, from the tip downward and written in one go, so that the fee window is
/// complete within the first round; what lies further back is left to backfill.
///
///   sources  those with fees first, then by priority; one that fails twice in a row, or was told
///            to be left alone, is passed over until its rest is up. One that lags behind the
///            stored tip, or whose tip is an hour old, has the next one asked as well. Who plays
///            the roles chain and fees is stored and told when it changes
///   branch   one that is as long or longer is followed at once; a shorter one only after it has
///            stood for an hour, because a source that lags is far more often than a chain that
///            shrinks
class BlockPoller final : public Routine {
public:
    BlockPoller(const std::vector<const Source*>& sources, std::unique_ptr<HttpTransport> http,
                seconds interval, const Surroundings& around);
    milliseconds round(const std::stop_token& stop) override;

private:
    [[nodiscard]] domain::Status ask(const Source& source, Visit& visit, Findings& found);
    [[nodiscard]] domain::Result<std::optional<ChainWalk>> plan(const Source& source,
                                                                std::int64_t tip);
    [[nodiscard]] bool worth_a_look(const Source& source, std::int64_t tip,
                                    std::int64_t stored_tip);
    [[nodiscard]] milliseconds shortest_wait() const;
    [[nodiscard]] bool lags();
    milliseconds served_by(Contact& contact);
    void change_role(const std::string& role, const Source* source);

    std::unique_ptr<HttpTransport> http_;
    std::vector<std::unique_ptr<Contact>> contacts_;
    seconds interval_;
    Surroundings around_;
    const Source* last_asked_ = nullptr;
    milliseconds next_look_{};                      ///< at a tip that is no news, and at old gaps
    std::int64_t told_tip_ = -1;                    ///< of the source last asked
    milliseconds next_opinion_{};                   ///< about a tip that is old
    std::map<std::string, const Source*> players_;  ///< by role; nullptr: nobody
    std::optional<milliseconds> behind_since_;  ///< the source's tip stands below the stored one
};

/// Heights up to the tip that live polling keeps complete: a fee window and some to spare.
constexpr std::int64_t kLiveBlocks = 150;

}  // namespace hashprice::ingest
