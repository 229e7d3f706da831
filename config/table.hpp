#pragma once
#include "config/key.hpp"

/// The parts that describe() puts together; for config/table*.cpp only.
namespace hashprice::config {

Section database_section();
Section http_section();
Section poll_section();
Section price_section();
Section source_section();
Section rule_section();
Section fleet_section();
Section alternative_section();
Section notify_section();
Section sink_section();
Section retention_section();
Section log_section();

}  // namespace hashprice::config
