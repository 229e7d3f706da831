#pragma once
#include <string>
#include <vector>

#include "config/load.hpp"

namespace hashprice::service::app {

/// What a new set of settings asks for.
struct Change {
    config::Settings wanted;           ///< what can be in force without a restart
    std::vector<std::string> applied;  ///< "http.base_path", "fleet.hall-a.power_usd_per_mwh"
    std::vector<std::string> later;    ///< changed, but only a restart brings them
};

/// Compares by key. Where the database is and what is listened on stays until a restart: others
/// hold on to both.
///
///   shape   pure
///   secrets named by their key, never shown
Change change_between(const config::Loaded& now, const config::Loaded& next);

}  // namespace hashprice::service::app
