#pragma once
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "ingest/live/block_poller.hpp"
#include "tests/ingest/live/scripted.hpp"
#include "tests/support/sim_clock.hpp"

namespace hashprice::ingest {

/// A writer on a database in memory, under a clock that stands still unless it is moved.
class Stage : public testing::Test {
protected:
    Stage() {
        notices.source = [this](const Change& change) { changes.push_back(change); };
        notices.database = [this](const Change& change) { database_changes.push_back(change); };
        auto db = storage::Database::in_memory().value();
        const auto options = derive_options(db, {}).value();
        writer = std::make_unique<Writer>(std::move(db), options, clock, notices);
    }
    [[nodiscard]] Surroundings around() { return {*writer, notices, budgets, clock}; }
    [[nodiscard]] std::unique_ptr<BlockPoller> poller(const std::vector<const Source*>& sources) {
        return std::make_unique<BlockPoller>(sources, std::make_unique<NoTransport>(), seconds{30},
                                             around());
    }
    /// Rounds as time goes by, until `time` has passed.
    void play(Routine& routine, milliseconds time) {
        const auto end = clock.uptime() + time;
        while (clock.uptime() < end) clock.advance(routine.round({}));
    }
    template <class Work>
    auto db(Work&& work) {
        return writer->alone(std::forward<Work>(work));
    }
    std::int64_t stored_tip() {
        const auto tip = db([](storage::Database& d) { return storage::tip(d); }).value();
        return tip ? tip->fact.height : -1;
    }
    std::optional<domain::BlockHash> stored_hash(std::int64_t height) {
        const auto block =
            db([&](storage::Database& d) { return storage::block_at(d, height); }).value();
        return block ? block->fact.hash : std::nullopt;
    }
    storage::Counts counts() {
        return db([](storage::Database& d) { return storage::counts(d); }).value();
    }

    fake::SimClock clock;
    HostBudgets budgets{clock};
    Notices notices;
    std::vector<Change> changes;
    std::vector<Change> database_changes;
    std::unique_ptr<Writer> writer;
};

}  // namespace hashprice::ingest
