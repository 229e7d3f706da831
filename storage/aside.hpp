#pragma once
// Private to storage/: where facts go that are not, or no longer, in use.
#include <string_view>

#include "storage/bodies.hpp"
#include "storage/facts.hpp"

namespace hashprice::storage {

/// Who speaks, and when.
struct Speaker {
    SourceId source{};
    UtcSeconds at;
};

/// What kind of fact goes, and why.
struct AsideNote {
    std::string_view kind;
    std::string_view reason;
};

void put_aside(Connection& c, const AsideNote& what, const std::string& body, const Speaker& said,
               UtcSeconds now);

template <class Fact>
void put_aside(Connection& c, const AsideNote& what, const Sourced<Fact>& old, UtcSeconds now) {
    put_aside(c, what, body_of(old.fact), {old.source, old.fetched_at}, now);
}

/// The same refusal twice is one row; of one source at most 100 undecided answers are kept.
void put_in_quarantine(Connection& c, const domain::Refused& refused, const Speaker& by);

}  // namespace hashprice::storage
