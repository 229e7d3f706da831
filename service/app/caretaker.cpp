#include "service/app/caretaker.hpp"

#include "storage/outbox.hpp"
#include "storage/upkeep.hpp"

namespace hashprice::service::app {
namespace {

constexpr std::chrono::minutes kFirst{10};  // not while a start has its hands full
constexpr std::chrono::hours kThen{1};
constexpr std::int64_t kAtOnce = 10'000;  // rows a transaction: pollers wait for some 50 ms

}  // namespace

void Caretaker::run(const std::stop_token& stop) {
    std::chrono::milliseconds wait = kFirst;
    while (clock_.sleep_for(wait, stop)) {
        round(stop);
        wait = kThen;
    }
}

void Caretaker::round(const std::stop_token& stop) {
    forget_ticks(stop);
    forget_messages();
    if (!stop.stop_requested()) compact();
}

void Caretaker::forget_ticks(const std::stop_token& stop) {
    if (keep_.price_ticks == domain::seconds{0}) return;
    const domain::UtcSeconds before = clock_.now() - keep_.price_ticks;
    std::int64_t gone = 0;
    while (!stop.stop_requested()) {
        const auto step = writer_.alone([&](storage::Database& db) {
            return storage::forget_ticks(db, {before, kAtOnce, price_max_age_});
        });
        if (!step) {
            log_->warn("old prices could not be forgotten: {}", step.error().what);
            return;
        }
        gone += *step;
        if (*step < kAtOnce) break;
    }
    if (gone > 0)
        log_->info("{} prices before {} were forgotten", gone, domain::format_time(before));
}

void Caretaker::forget_messages() {
    if (keep_.poll_log == domain::seconds{0}) return;
    const auto gone = writer_.alone([&](storage::Database& db) {
        return storage::forget_messages(db, clock_.now() - keep_.poll_log);
    });
    if (!gone) log_->warn("old messages could not be forgotten: {}", gone.error().what);
}

void Caretaker::compact() {
    const auto freed =
        writer_.alone([](storage::Database& db) { return storage::compact_if_worth(db); });
    if (!freed)
        log_->warn("the database could not be made smaller: {}", freed.error().what);
    else if (*freed > 0)
        log_->info("the database is {} MB smaller", *freed / 1'000'000);
}

}  // namespace hashprice::service::app
