#pragma once
#include "service/judge/judge.hpp"

namespace hashprice::service::app {

/// What the judge's changes become: messages for receivers, news by the day that they speak of.
///   outlives  history must live longer, and know its newest day
judge::Herald herald_for(const judge::History& history, domain::UtcSeconds now);

}  // namespace hashprice::service::app
