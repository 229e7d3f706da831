#include "service/app/heal.hpp"

#include <algorithm>
#include <utility>

#include "ingest/backfill/backfill.hpp"
#include "service/cli/session.hpp"
#include "storage/lock_file.hpp"

namespace hashprice::service::app {
namespace {

using domain::Result;
using domain::seconds;
using domain::UtcSeconds;
using ingest::BackfillSummary;

constexpr seconds kFirstPause = 15 * domain::kMinute;
constexpr seconds kLongestPause = domain::kHour;
constexpr seconds kLogEvery{30};
constexpr seconds kLookAtLock{10};
/// After all was there, this much is looked at again: fee histories lag, candles are corrected.
constexpr seconds kLookBack = 2 * domain::kDay;

/// Says how far it is, but not for every chunk of a quick run.
class ProgressLog {
public:
    ProgressLog(spdlog::logger& log, const domain::Clock& clock)
        : log_(log), clock_(clock), last_(clock.uptime()) {}
    void operator()(const ingest::BackfillProgress& at) {
        if (clock_.uptime() - last_ < kLogEvery) return;
        last_ = clock_.uptime();
        log_.info("healing: {} of {}, back to {}; {} new facts, {} requests so far", at.chunk,
                  at.chunks, domain::format_date(at.range.from), at.sum.added, at.sum.requests);
    }

private:
    spdlog::logger& log_;
    const domain::Clock& clock_;
    std::chrono::milliseconds last_;
};

bool backfill_runs(const HealContext& context) {
    return storage::LockFile::held(context.settings.database.path, "backfill");
}

/// Ends early, between two chunks, when a backfill begins: it would ask the same.
Result<BackfillSummary> heal_once(const HealContext& context, UtcSeconds from,
                                  const std::stop_token& stop) {
    const config::Settings& settings = context.settings;
    auto db = storage::Database::open(settings.database.path, storage::Access::write);
    if (!db) return tl::unexpected(db.error());
    db->keep_free(cli::keep_free(settings));
    const auto derive = ingest::derive_options(*db, cli::price_rules(settings));
    if (!derive) return tl::unexpected(derive.error());
    const auto transport = [&settings]() -> std::unique_ptr<ingest::HttpTransport> {
        return std::make_unique<ingest::CurlTransport>(cli::curl_options(settings));
    };
    std::stop_source turn;
    const std::stop_callback link(stop, [&turn] { turn.request_stop(); });
    ingest::Backfill backfill(
        {*db, context.roster, transport, context.clock, *derive, turn.get_token()},
        {.range = {from, context.clock.now()},
         .price_sources = settings.price.sources,
         .timeout = settings.poll.timeout});
    ProgressLog log(*context.log, context.clock);
    return backfill.run([&](const ingest::BackfillProgress& at) {
        log(at);
        if (at.chunk < at.chunks && backfill_runs(context)) turn.request_stop();
    });
}

void tell(spdlog::logger& log, const BackfillSummary& sum) {
    constexpr std::size_t kMost = 5;
    if (sum.added + sum.revised > 0) {
        log.info("healed with {} requests: {} new facts, {} observations changed", sum.requests,
                 sum.added, sum.observations);
    }
    for (std::size_t i = 0; i < std::min(kMost, sum.missing.size()); ++i) {
        const ingest::MissingPart& part = sum.missing[i];
        log.info("still missing: {} from {} to {}: {}", part.what,
                 domain::format_time(part.range.from), domain::format_time(part.range.to),
                 part.why);
    }
    if (sum.missing.size() > kMost) {
        log.info("and {} stretches more; `hashprice gaps` lists them", sum.missing.size() - kMost);
    }
}

/// Why a turn did not make all whole; empty: it did.
std::vector<std::string> trouble_of(const Result<BackfillSummary>& sum) {
    if (!sum) return {sum.error().what};
    std::vector<std::string> trouble;
    trouble.reserve(sum->missing.size());
    for (const ingest::MissingPart& part : sum->missing) trouble.push_back(part.what + part.why);
    return trouble;
}

/// The same trouble again is no news.
void tell(spdlog::logger& log, const Result<BackfillSummary>& sum, bool news) {
    if (!sum) {
        if (news) log.warn("healing failed: {}", sum.error().what);
    } else if (news || sum->added > 0) {
        tell(log, *sum);
    }
}

/// The longest when all is there; while it is not, short at first and twice as long each time.
class Pauses {
public:
    seconds next(bool all_there) {
        if (!all_there) return std::exchange(short_, std::min(2 * short_, kLongestPause));
        short_ = kFirstPause;
        return kLongestPause;
    }

private:
    seconds short_ = kFirstPause;
};

bool wait_for_backfill(const HealContext& context, const std::stop_token& stop) {
    while (backfill_runs(context)) {
        if (!context.clock.sleep_for(kLookAtLock, stop)) return false;
    }
    return !stop.stop_requested();
}

}  // namespace

void heal(const HealContext& context, const std::stop_token& stop) {
    const seconds reach = context.settings.poll.backfill_on_start;
    if (reach <= seconds{0}) return;
    Pauses pauses;
    std::optional<UtcSeconds> all_there_at;
    std::vector<std::string> told;
    while (wait_for_backfill(context, stop)) {
        const UtcSeconds now = context.clock.now();
        const UtcSeconds from = all_there_at ? *all_there_at - kLookBack : now - reach;
        const auto sum = heal_once(context, from, stop);
        if (stop.stop_requested()) return;
        if (sum && sum->stopped) continue;  // it is a backfill's turn
        std::vector<std::string> trouble = trouble_of(sum);
        tell(*context.log, sum, trouble != told);
        told = std::move(trouble);
        if (sum && sum->complete()) all_there_at = now;
        if (!context.clock.sleep_for(pauses.next(told.empty()), stop)) return;
    }
}

}  // namespace hashprice::service::app
