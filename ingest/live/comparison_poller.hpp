#pragma once
#include <memory>

#include "ingest/live/contact.hpp"
#include "ingest/live/routine.hpp"

namespace hashprice::ingest {

/// Asks once an hour for a hash price as somebody else publishes it, and keeps it beside ours of
/// the same moment. It enters no index and no observation.
///
///   rule  ours is the newest observation at or up to 10 minutes before theirs; without one there
///         is nothing to compare
class ComparisonPoller final : public Routine {
public:
    ComparisonPoller(const Source& source, std::unique_ptr<HttpTransport> http,
                     const Surroundings& around);
    [[nodiscard]] milliseconds first_wait() const override;
    milliseconds round(const std::stop_token& stop) override;

private:
    domain::Status keep(const std::vector<PublishedHashprice>& published, UtcSeconds fetched_at);

    std::unique_ptr<HttpTransport> http_;
    Contact contact_;
    Surroundings around_;
};

}  // namespace hashprice::ingest
