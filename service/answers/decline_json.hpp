#pragma once
#include <string>
#include <vector>

#include "domain/episode.hpp"
#include "service/answers/json.hpp"
#include "storage/episodes.hpp"
#include "trend/jumps.hpp"

/// Days, episodes and attributions in JSON, as every answer about declines writes them.
namespace hashprice::service::answers {

using domain::Day;

/// An episode with what led to it, and when its changes were recorded.
struct Decline {
    domain::Episode episode;                       ///< explained
    std::vector<trend::Jump> steps;                ///< from peak to trough
    std::vector<storage::EpisodeChange> recorded;  ///< of this episode, withdrawn ones included
};

std::string unit_of(domain::Denomination denomination);  ///< "USD/PH/day"

/// `date`, `time` and `time_s`: a day, named by its start as a daily bar is. Three nulls without.
void put_day(Json& json, const std::optional<Day>& day);
void put_point(Json& json, std::string_view key, const domain::DailyPoint& point);
void put_attribution(Json& json, std::string_view key,
                     const std::optional<domain::Attribution>& attribution);
/// change, log_change, parts (logs) and shares, into an open object.
void put_parts(Json& json, const domain::Attribution& attribution);
void put_steps(Json& json, const std::vector<trend::Jump>& steps);
/// The whole object.
void put_decline(Json& json, const Decline& decline);

}  // namespace hashprice::service::answers
