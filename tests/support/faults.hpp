#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/time.hpp"

/// What can go wrong with an answer.
namespace hashprice::fake {

enum class FaultKind {
    // of the connection
    close,         ///< no answer at all
    slow_headers,  ///< nothing for `amount` ms
    slow_body,     ///< a byte every `amount` ms
    truncated,     ///< the connection ends after `amount` bytes of the body
    endless,       ///< a body without end
    gzip_bomb,     ///< 16 MiB of blanks in 16 KiB
    redirect,      ///< 302 to itself
    status,        ///< `amount` as status, with `retry_after` if set
    // of the body
    empty,
    garbage,
    html,
    depth_bomb,
    cut,             ///< a whole answer whose body stops after `amount` bytes
    duplicate_keys,  ///< every object has its first field twice
    not_a_number,    ///< NaN for every number
    huge_number,     ///< 1e999 for every number
    negative,
    zero,
    minus_one,
    numbers_as_text,
    text_as_numbers,
    milliseconds,  ///< unix seconds times 1000, and the other way round
    future,        ///< times ten years ahead
    reversed,      ///< rows in the opposite order
    doubled,       ///< every row twice
    // of the world
    frozen,       ///< the present of this provider stands still
    spike,        ///< prices times `amount` / 100
    wrong_chain,  ///< another network's blocks
};
std::string_view fault_name(FaultKind kind);
std::optional<FaultKind> parse_fault(std::string_view name);
const std::vector<FaultKind>& all_faults();

struct Fault {
    std::string prefix;  ///< what paths it hits, provider's mount included: "/kraken/0/public"
    FaultKind kind{};
    std::int64_t amount = 0;
    std::string retry_after;
    double probability = 1.0;
    int times = -1;            ///< how often it strikes; -1: until healed
    domain::UtcSeconds since;  ///< of `frozen`: the present that stays; set when it is ordered
};

/// The body as the fault leaves it; the same where the fault is not of the body.   shape  pure
std::string spoiled(FaultKind kind, const std::string& body, std::int64_t amount);

/// 16 MiB of blanks, gzipped.
std::string gzip_bomb();

}  // namespace hashprice::fake
