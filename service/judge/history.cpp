#include "service/judge/history.hpp"

#include <algorithm>

#include "domain/consensus.hpp"

namespace hashprice::service::judge {
namespace {

using domain::DailyPoint;

Day newest_complete(UtcSeconds t) { return std::chrono::floor<Days>(t) - Days{1}; }

template <class Dated>
std::vector<Dated> upto_day(const std::vector<Dated>& days, Day last) {
    const auto end = std::ranges::upper_bound(days, last, {}, &Dated::day);
    return {days.begin(), end};
}

}  // namespace

domain::DailyInputs inputs_of(const domain::Observation& o) {
    return {newest_complete(o.time),
            o.height,
            o.price_usd,
            domain::difficulty_of(o.bits).value_or(domain::Difficulty{0}),
            domain::subsidy_at(o.height),
            o.fee_sat_mean()};
}

trend::Series History::series(domain::Denomination denomination) const {
    std::vector<DailyPoint> points = denomination == domain::Denomination::usd ? usd : sat;
    if (denomination == domain::Denomination::btc) {
        for (DailyPoint& p : points) p.value /= domain::kSatPerBtc;
    }
    // a day is a key of the table of observations: in order, and there once
    return trend::series_of(std::move(points)).value_or(trend::Series{});
}

History History::upto(Day day) const {
    if (through && day >= *through) return *this;
    History past{upto_day(inputs, day), upto_day(usd, day), upto_day(sat, day), day, day};
    const bool begun = !usd.empty() && usd.front().day <= day;
    if (!begun) past.through.reset();
    return past;
}

Result<History> history_of(storage::Database& db, UtcSeconds now) {
    const auto closes = storage::day_closes(db);
    const auto newest = storage::observations_before(db, now, 1);
    if (const auto good = domain::all_good(closes, newest); !good)
        return tl::unexpected(good.error());
    History history{.complete = newest_complete(now - kGrace)};
    for (const auto& kept : *closes) {
        const domain::Observation& o = kept.observation;
        if (o.time > now) break;
        const Day day = newest_complete(o.time);
        history.inputs.push_back(inputs_of(o));
        history.usd.push_back({day, o.usd_per_ph_day});
        history.sat.push_back({day, o.sat_per_ph_day});
    }
    if (!newest->empty() && !history.usd.empty())
        history.through = newest_complete(newest->front().observation.time);
    return history;
}

}  // namespace hashprice::service::judge
