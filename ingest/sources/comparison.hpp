#pragma once
#include <string_view>

#include "ingest/sources/source.hpp"

/// Who publishes a hash price of their own: Braiins without a key, Luxor with the operator's.
///
///   shape  decode_* are pure
namespace hashprice::ingest {

/// {"hash_price":0.038,...} in USD per TH and day. It carries no time: it is taken to be `now`'s.
domain::Result<std::vector<PublishedHashprice>> decode_braiins(std::string_view body,
                                                               domain::UtcSeconds now);

/// {"data":[{"price":55.9,"timestamp":"2019-08-24T14:15:22Z"},...]} in USD per PH and day.
domain::Result<std::vector<PublishedHashprice>> decode_luxor(std::string_view body,
                                                             domain::UtcSeconds now);

class Braiins final : public Source, public ComparisonSource {
public:
    using Source::Source;
    [[nodiscard]] const ComparisonSource* comparison() const override { return this; }
    domain::Result<std::vector<PublishedHashprice>> published(Visit& visit) const override;
};

class Luxor final : public Source, public ComparisonSource {
public:
    using Source::Source;
    [[nodiscard]] const ComparisonSource* comparison() const override { return this; }
    domain::Result<std::vector<PublishedHashprice>> published(Visit& visit) const override;
};

}  // namespace hashprice::ingest
