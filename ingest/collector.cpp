#include "ingest/collector.hpp"

#include "ingest/starter/starter.hpp"
#include "storage/facts.hpp"
#include "storage/polls.hpp"

namespace hashprice::ingest {

using domain::FactBatch;
using domain::Result;
using domain::Status;
using domain::unix_s;
using storage::Recorded;

Result<DeriveOptions> derive_options(storage::Database& db, const PriceRules& rules) {
    DeriveOptions options{.method = rules.method,
                          .min_sources = rules.min_sources,
                          .max_age = rules.max_age,
                          .max_deviation = rules.max_deviation,
                          .grid = rules.grid};
    for (const std::string& name : rules.sources) {
        const auto id = storage::source_id(db, name);
        if (!id) return tl::unexpected(id.error());
        options.preferred |= std::uint64_t{1} << *id;
    }
    const auto starter = storage::source_id(db, storage::kStarter);
    if (!starter) return tl::unexpected(starter.error());
    options.starter = *starter;
    return options;
}

Result<Taken> Collector::take_all(const std::function<Status(const Sink&)>& bring,
                                  UtcSeconds horizon, UtcSeconds now) {
    Taken taken;
    const Status done = storage::in_transaction(db_, [&]() -> Status {
        Status brought = bring([&](const FactBatch& batch) {
            return storage::record(db_, batch).map([&](const Recorded& r) { taken.recorded += r; });
        });
        if (!brought) return brought;
        return derive_touched(db_, taken.recorded.touched, horizon, options_, now)
            .map([&](const Derived& d) { taken.derived = d; });
    });
    if (!done) return tl::unexpected(done.error());
    return taken;
}

Result<Taken> Collector::take(const FactBatch& batch, UtcSeconds horizon, UtcSeconds now) {
    return take_all([&](const Sink& sink) { return sink(batch); }, horizon, now);
}

Status Collector::add_branch(const FactBatch& branch, Recorded& recorded) {
    return storage::replace_branch(db_, branch).map([&](const Recorded& r) { recorded += r; });
}

Result<Taken> Collector::take_branch(const FactBatch& batch, UtcSeconds horizon, UtcSeconds now) {
    return take_both({}, batch, horizon, now, {});
}

Result<Taken> Collector::take_both(const FactBatch& batch, const FactBatch& branch,
                                   UtcSeconds horizon, UtcSeconds now, const Also& also) {
    Taken taken;
    const Status done = storage::in_transaction(db_, [&]() -> Status {
        if (!batch.source.empty()) {
            const auto recorded = storage::record(db_, batch);
            if (!recorded) return tl::unexpected(recorded.error());
            taken.recorded += *recorded;
        }
        Status replaced = add_branch(branch, taken.recorded);
        if (!replaced) return replaced;
        const auto derived = derive_touched(db_, taken.recorded.touched, horizon, options_, now);
        if (!derived) return tl::unexpected(derived.error());
        taken.derived = *derived;
        return also ? also(taken) : Status{};
    });
    if (!done) return tl::unexpected(done.error());
    return taken;
}

Result<Taken> Collector::decide(const Decision& work, UtcSeconds horizon, UtcSeconds now) {
    Taken taken;
    const Status done = storage::in_transaction(db_, [&]() -> Status {
        const auto changed = work(db_);
        if (!changed) return tl::unexpected(changed.error());
        taken.recorded = *changed;
        return derive_touched(db_, taken.recorded.touched, horizon, options_, now)
            .map([&](const Derived& d) { taken.derived = d; });
    });
    if (!done) return tl::unexpected(done.error());
    return taken;
}

Result<Derived> Collector::recompute(UtcSeconds from, UtcSeconds to, UtcSeconds now) {
    Derived done;
    const Status status = storage::in_transaction(db_, [&]() -> Status {
        return derive(db_, from, to, options_, now).map([&](const Derived& d) { done = d; });
    });
    if (!status) return tl::unexpected(status.error());
    return done;
}

Status import_starter(storage::Database& db, Collector& collector, UtcSeconds now) {
    constexpr const char* kKey = "starter_imported_at_s";
    const auto done = storage::meta(db, kKey);
    if (!done) return tl::unexpected(done.error());
    if (!done->empty()) return {};
    const auto have = storage::has_facts(db);
    if (!have) return tl::unexpected(have.error());
    if (*have) return {};
    const auto bring = [&](const Collector::Sink& sink) {
        return sink(starter_facts()).and_then([&] {
            return storage::set_meta(db, kKey, std::to_string(unix_s(now)));
        });
    };
    const auto taken = collector.take_all(bring, now, now);
    return taken.map([](const Taken&) {});
}

}  // namespace hashprice::ingest
