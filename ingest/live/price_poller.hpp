#pragma once
#include <memory>

#include "ingest/live/contact.hpp"
#include "ingest/live/routine.hpp"

namespace hashprice::ingest {

/// Asks one exchange for its newest price, once in every interval of the grid.
///
/// What it says is recorded as it is, old or unchanged: how much it counts is judged by its own
/// time when an observation is derived.
class PricePoller final : public Routine {
public:
    PricePoller(const Source& source, std::unique_ptr<HttpTransport> http, const Pace& pace,
                milliseconds first_wait, const Surroundings& around);
    [[nodiscard]] milliseconds first_wait() const override { return first_wait_; }
    milliseconds round(const std::stop_token& stop) override;

private:
    std::unique_ptr<HttpTransport> http_;
    Contact contact_;
    Pace pace_;
    milliseconds first_wait_;
    seconds max_age_;
    const domain::Clock& clock_;
};

}  // namespace hashprice::ingest
