#include "tests/ingest/live/rehearsal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "storage/bars.hpp"
#include "storage/observations.hpp"

namespace hashprice::ingest {

using domain::UtcSeconds;

namespace {

constexpr double kPlenty = 60'000;  // requests a minute: the pace is tested elsewhere

PriceRules rules_of(const Rehearsal::Setting& setting) {
    return {.sources = setting.exchanges, .max_age = setting.max_age, .grid = setting.grid};
}

}  // namespace

Rehearsal::Rehearsal(Setting setting) : clock(setting.start), setting_(std::move(setting)) {
    notices_.source = [this](const Change& change) { changes.push_back(change); };
    notices_.database = [this](const Change& change) { database_changes.push_back(change); };
    notices_.observed = [this](const Derived& derived) { observed.push_back(derived); };
    upstream.set_now(clock.now());
    begin();
}

void Rehearsal::begin() {
    std::vector<SourcePlan> plans;
    std::int64_t priority = 0;
    for (const auto* names : {&setting_.chain, &setting_.exchanges}) {
        for (const std::string& name : *names) {
            plans.push_back(
                {.options = {.name = name, .kind = name, .base_url = upstream.url("/" + name)},
                 .priority = ++priority,
                 .requests_per_minute = kPlenty});
        }
    }
    roster = Roster::make(std::move(plans), clock).value();
    auto db = storage::Database::open(setting_.database, storage::Access::write).value();
    const auto options = derive_options(db, rules_of(setting_)).value();
    if (setting_.starter) {
        Collector collector(db, options);
        EXPECT_TRUE(import_starter(db, collector, clock.now()));
    }
    writer = std::make_unique<Writer>(std::move(db), options, clock, notices_);
    auto routines = live_routines(*roster, {*writer, notices_, roster->budgets(), clock},
                                  {.block_interval = setting_.block_interval,
                                   .max_age = setting_.max_age,
                                   .price_sources = setting_.exchanges},
                                  [] { return std::make_unique<CurlTransport>(CurlOptions{}); });
    for (auto& routine : routines) {
        const milliseconds due = clock.uptime() + routine->first_wait();
        players_.push_back({std::move(routine), due});
    }
}

void Rehearsal::restart(const std::function<void(storage::Database&)>& meanwhile) {
    players_.clear();
    writer.reset();
    if (meanwhile) {
        auto db = storage::Database::open(setting_.database, storage::Access::write).value();
        meanwhile(db);
    }
    begin();
}

void Rehearsal::play_until(UtcSeconds t) {
    while (clock.now() < t) {
        const auto next = std::ranges::min_element(players_, {}, &Player::due);
        const milliseconds left = t - clock.now();  // to the second is close enough
        if (next->due > clock.uptime() + left) return clock.advance(left);
        if (next->due > clock.uptime()) clock.advance(next->due - clock.uptime());
        upstream.set_now(clock.now());
        const milliseconds wait = next->routine->round({});
        next->due = clock.uptime() + wait;
    }
}

std::int64_t Rehearsal::stored_tip() {
    const auto tip = db([](storage::Database& d) { return storage::tip(d); }).value();
    return tip ? tip->fact.height : -1;
}

storage::SourceHealth Rehearsal::health(const std::string& source) {
    const auto all = db([](storage::Database& d) { return storage::source_health(d); }).value();
    const auto found = std::ranges::find(all, source, &storage::SourceHealth::name);
    return found == all.end() ? storage::SourceHealth{} : *found;
}

std::vector<domain::Observation> Rehearsal::observations(UtcSeconds from, UtcSeconds to) {
    std::vector<domain::Observation> found;
    const auto kept =
        db([&](storage::Database& d) { return storage::observations_between(d, from, to); });
    found.reserve(kept->size());
    for (const storage::KeptObservation& k : *kept) found.push_back(k.observation);
    return found;
}

namespace {

std::string text_of(const domain::Ohlc& o) {
    return fmt::format("{} {} {} {} {}", o.open, o.high, o.low, o.close, o.mean);
}

}  // namespace

std::vector<std::string> history(storage::Database& db, UtcSeconds from, UtcSeconds to) {
    std::vector<std::string> rows;
    const auto kept = storage::observations_between(db, from, to).value();
    rows.reserve(kept.size());
    for (const auto& [o, recorded_at] : kept) {
        rows.push_back(fmt::format("{} {} {} {:x} {}/{} {} {} {:x} {} {} {:x} {} {}",
                                   domain::unix_s(o.time), o.span.count(), o.height, o.bits.value,
                                   o.fee_sum.value, o.fee_blocks, static_cast<int>(o.fee_window),
                                   o.price_usd, o.price_sources, o.chain_source, o.fee_source,
                                   o.flags, o.usd_per_ph_day, o.sat_per_ph_day));
    }
    for (const auto step :
         {domain::Step::hour, domain::Step::day, domain::Step::week, domain::Step::month}) {
        const domain::Range range{domain::bar_start(step, from), to};
        const auto bars = storage::bars_between(db, step, range).value();
        for (const domain::Bar& bar : bars) {
            rows.push_back(fmt::format("{} {} {} {} {}", domain::step_name(step),
                                       domain::unix_s(bar.start), bar.covered_s, text_of(bar.usd),
                                       text_of(bar.sat)));
        }
    }
    return rows;
}

std::string differences(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    std::string text;
    int shown = 0;
    for (std::size_t n = 0; n < std::max(a.size(), b.size()) && shown < 6; ++n) {
        const std::string left = n < a.size() ? a[n] : "-";
        const std::string right = n < b.size() ? b[n] : "-";
        if (left == right) continue;
        text += fmt::format("row {}:\n  {}\n  {}\n", n, left, right);
        ++shown;
    }
    return text;
}

std::vector<domain::FactBatch> facts_until(storage::Database& db, UtcSeconds to) {
    std::map<domain::SourceId, domain::FactBatch> by_source;
    const auto names = storage::sources(db).value();
    for (const auto& [id, name] : names) {
        by_source[id].source = name;
        by_source[id].fetched_at = to;
    }
    const auto tip = storage::tip(db).value();
    const std::int64_t top = tip ? tip->fact.height : -1;
    const auto blocks = storage::blocks_between(db, 0, top + 1).value();
    for (const auto& block : blocks) {
        if (block.fetched_at > to) continue;
        const auto whole = storage::block_at(db, block.fact.height).value();
        by_source[block.source].blocks.push_back(whole->fact);
    }
    const auto prices = storage::prices_between(db, UtcSeconds{}, to).value();
    for (const auto& price : prices) {
        if (price.fetched_at <= to) by_source[price.source].prices.push_back(price.fact);
    }
    std::vector<domain::FactBatch> batches;
    for (auto& [id, batch] : by_source) {
        const bool starter = batch.source == storage::kStarter;
        if (!starter && batch.blocks.size() + batch.prices.size() > 0)
            batches.push_back(std::move(batch));
    }
    return batches;
}

}  // namespace hashprice::ingest
