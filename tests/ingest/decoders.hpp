#pragma once
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "domain/result.hpp"

/// Every decoder with a body it accepts, for claims that hold for all of them.
namespace hashprice::ingest {

struct DecoderCase {
    std::string name;  ///< file in payloads/, without .json
    /// What was understood, as text: two bodies that say the same give the same text.
    std::function<domain::Result<std::string>(std::string_view body)> decode;

    /// By its name: GoogleTest would print the bytes, and those between the members hold nothing.
    friend void PrintTo(const DecoderCase& c, std::ostream* out) { *out << c.name; }
};
const std::vector<DecoderCase>& decoder_cases();

/// A file of payloads/.
std::string payload(const std::string& name);

}  // namespace hashprice::ingest
