#include "ingest/live/price_poller.hpp"

#include <fmt/format.h>

namespace hashprice::ingest {

PricePoller::PricePoller(const Source& source, std::unique_ptr<HttpTransport> http,
                         const Pace& pace, milliseconds first_wait, const Surroundings& around)
    : http_(std::move(http)),
      contact_(source, *http_, kPriceBreaker, around),
      pace_(pace),
      first_wait_(first_wait),
      max_age_(around.max_age),
      clock_(around.clock) {}

milliseconds PricePoller::round(const std::stop_token& stop) {
    if (const milliseconds wait = contact_.wait(); wait > milliseconds{0}) return wait;
    const bool worked = contact_.attempt(
        [&](Visit& visit, Findings& found) -> domain::Status {
            const auto price = contact_.source().price()->tick(visit);
            if (!price) return tl::unexpected(price.error());
            found.batch.prices.push_back(*price);
            if (visit.now - price->time > max_age_) {
                found.stale = fmt::format("its newest price is {} old",
                                          domain::format_age(visit.now - price->time));
            }
            return {};
        },
        stop);
    return worked ? until_turn(pace_, clock_.now(), contact_.random()) : contact_.wait();
}

}  // namespace hashprice::ingest
