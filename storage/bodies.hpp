#pragma once
// Private to storage/: a fact as one line of JSON, as it is kept aside or in quarantine.
#include <string>

#include "domain/facts.hpp"

namespace hashprice::storage {

std::string body_of(const domain::Block& block);
std::string body_of(const domain::Price& price);
std::string body_of(const domain::FeeMean& fees);
std::string body_of(const domain::Epoch& epoch);

}  // namespace hashprice::storage
