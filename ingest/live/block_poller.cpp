#include "ingest/live/block_poller.hpp"

#include <algorithm>

namespace hashprice::ingest {

using domain::Block;
using domain::Result;
using domain::Status;

namespace {

constexpr milliseconds kLookAgain = 10 * domain::kMinute;
constexpr milliseconds kBelieveShorter = domain::kHour;
constexpr milliseconds kSecondOpinion = 10 * domain::kMinute;
constexpr seconds kLongBlock = domain::kHour;  // one in 400 takes longer: then others are asked too

/// The lowest height of [from, to] that is missing, or lacks the fees that this source has; to + 1
/// when none is.
Result<std::int64_t> lowest_missing(Writer& writer, std::int64_t from, std::int64_t to, bool fees) {
    const auto stored = writer.alone(
        [&](storage::Database& db) { return storage::blocks_between(db, from, to + 1); });
    if (!stored) return tl::unexpected(stored.error());
    std::int64_t next = from;
    for (const StoredBlock& block : *stored) {
        if (block.fact.height != next || (fees && !block.fact.fees)) break;
        ++next;
    }
    return next;
}

}  // namespace

BlockPoller::BlockPoller(const std::vector<const Source*>& sources,
                         std::unique_ptr<HttpTransport> http, seconds interval,
                         const Surroundings& around)
    : http_(std::move(http)), interval_(interval), around_(around) {
    for (const Source* source : sources) {
        contacts_.push_back(std::make_unique<Contact>(*source, *http_, kChainBreaker, around));
    }
}

/// The first that works and knows of the tip; where all lag behind it, the one that knows most.
milliseconds BlockPoller::round(const std::stop_token& stop) {
    Contact* best = nullptr;
    std::int64_t best_tip = -1;
    for (const auto& contact : contacts_) {
        if (contact->wait() > milliseconds{0}) continue;
        const bool worked = contact->attempt(
            [&](Visit& visit, Findings& found) { return ask(contact->source(), visit, found); },
            stop);
        if (stop.stop_requested()) return {};
        if (!worked && !contact->left()) return contact->wait();  // perhaps a hiccup
        if (!worked || told_tip_ <= best_tip) continue;
        if (!lags()) return served_by(*contact);
        best = contact.get();
        best_tip = told_tip_;
    }
    if (best != nullptr) return served_by(*best);
    change_role("chain", nullptr);
    change_role("fees", nullptr);
    return shortest_wait();
}

/// The source last asked stands below the stored tip, or its tip is so old that somebody else may
/// know of more: then whoever does is ahead of it from the next round on.
bool BlockPoller::lags() {
    const auto stored =
        around_.writer.alone([](storage::Database& db) { return storage::tip(db); });
    if (!stored || !*stored) return false;
    if (told_tip_ < (*stored)->fact.height) return true;
    const milliseconds uptime = around_.clock.uptime();
    if (around_.clock.now() - (*stored)->fact.time < kLongBlock || uptime < next_opinion_)
        return false;
    next_opinion_ = uptime + kSecondOpinion;
    return true;
}

milliseconds BlockPoller::served_by(Contact& contact) {
    const Source& source = contact.source();
    change_role("chain", &source);
    change_role("fees", source.chain()->has_fees() ? &source : nullptr);
    return jittered(interval_, contact.random());
}

void BlockPoller::change_role(const std::string& role, const Source* source) {
    const auto known = players_.find(role);
    if (known != players_.end() && known->second == source) return;
    players_[role] = source;
    storage::RoleChange change{
        role, source == nullptr ? "" : source->name(), {}, around_.clock.now()};
    for (const auto& contact : contacts_) {
        if (&contact->source() == source) break;
        if (contact->trouble().empty()) continue;
        change.reason = contact->source().name() + ": " + contact->trouble();
        break;
    }
    if (change.reason.empty()) change.reason = "first of its role that can be used";
    const auto stored =
        around_.writer.alone([&](storage::Database& db) { return storage::note_role(db, change); });
    if (stored && *stored && around_.notices.role) around_.notices.role(change);
}

milliseconds BlockPoller::shortest_wait() const {
    milliseconds least = interval_ * 10;
    for (const auto& contact : contacts_) least = std::min(least, contact->wait());
    return std::max(least, milliseconds{100});
}

bool BlockPoller::worth_a_look(const Source& source, std::int64_t tip, std::int64_t stored_tip) {
    const milliseconds uptime = around_.clock.uptime();
    if (tip >= stored_tip) behind_since_.reset();
    if (tip > stored_tip) return true;
    if (tip < stored_tip) {
        if (!behind_since_) behind_since_ = uptime;
        if (uptime - *behind_since_ < kBelieveShorter) return false;
    }
    return uptime >= next_look_ || &source != last_asked_;
}

/// What to read, if anything.
Result<std::optional<ChainWalk>> BlockPoller::plan(const Source& source, std::int64_t tip) {
    const auto stored =
        around_.writer.alone([](storage::Database& db) { return storage::tip(db); });
    if (!stored) return tl::unexpected(stored.error());
    const std::int64_t stored_tip = *stored ? (*stored)->fact.height : -1;
    if (!worth_a_look(source, tip, stored_tip)) return std::nullopt;
    const ChainSource& chain = *source.chain();
    // without fees a long stretch is of no use: the tip is enough
    const std::int64_t reach = chain.has_fees() ? kLiveBlocks : chain.page_size();
    const std::int64_t from = std::max<std::int64_t>(0, tip - reach + 1);
    ChainWalk walk{.top = tip, .lowest = std::clamp(stored_tip + 1, from, tip)};
    if (tip >= stored_tip && around_.clock.uptime() >= next_look_) {
        const auto missing = lowest_missing(around_.writer, from, tip, chain.has_fees());
        if (!missing) return tl::unexpected(missing.error());
        walk.lowest = std::min(walk.lowest, *missing);
    }
    return walk;
}

Status BlockPoller::ask(const Source& source, Visit& visit, Findings& found) {
    const auto tip = source.chain()->tip_height(visit);
    if (!tip) return tl::unexpected(tip.error());
    told_tip_ = *tip;
    const auto walk = plan(source, *tip);
    if (!walk) return tl::unexpected(walk.error());
    if (!*walk) return {};
    const StoredAt stored = [this](std::int64_t height) {
        return around_.writer.alone(
            [&](storage::Database& db) { return storage::block_at(db, height); });
    };
    auto news = walk_chain(*source.chain(), visit, **walk, stored);
    if (!news) return tl::unexpected(news.error());
    for (const Block& block : news->blocks) {
        const bool branches = news->fork && block.height >= *news->fork;
        (branches ? found.branch : found.batch).blocks.push_back(block);
    }
    if (news->cut_short) return tl::unexpected(*news->cut_short);
    next_look_ = around_.clock.uptime() + kLookAgain;
    last_asked_ = &source;
    return {};
}

}  // namespace hashprice::ingest
