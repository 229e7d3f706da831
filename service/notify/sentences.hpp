#pragma once
#include <string>

#include "domain/episode.hpp"
#include "storage/episodes.hpp"
#include "storage/fleet_changes.hpp"

/// One sentence, or two, for each thing that receivers are told.   shape  pure
namespace hashprice::service::notify {

std::string episode_sentence(const storage::EpisodeChange& change, const domain::Episode& episode);
std::string reminder_sentence(const domain::Episode& episode);
std::string withdrawn_sentence(const domain::Episode& episode);
std::string fleet_sentence(const storage::FleetChange& change);
std::string source_sentence(const std::string& source, bool up, const std::string& reason);
std::string readiness_sentence(bool fresh, const std::string& reason);

}  // namespace hashprice::service::notify
