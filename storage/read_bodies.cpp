#include "storage/read_bodies.hpp"

#include <fmt/format.h>

#include "domain/consensus.hpp"
#include "storage/rows.hpp"

namespace hashprice::storage {
namespace {

using domain::FactBatch;

constexpr std::string_view kIsObject =
    "SELECT CASE WHEN json_valid(?1) THEN json_type(?1) = 'object' ELSE 0 END";
constexpr std::string_view kField = "SELECT json_extract(?1, ?2), json_type(?1, ?2)";
constexpr std::int64_t kHighestHeight = 10'000'000;
constexpr std::int64_t kLatest = 253'402'300'799;  // the year 9999

/// The fields of one body; after the first that is wrong all that follow are 0.
class Fields {
public:
    Fields(Connection& c, const std::string& body) : c_(c), body_(body) {
        const auto object = first_row(ready(c, kIsObject, body), [](Statement& row) {
            return row.getColumn(0).getInt() == 1;
        });
        if (!object.value_or(false)) wrong_ = "it is not the JSON of a fact";
    }

    std::int64_t integer(const char* name, std::int64_t least, std::int64_t most) {
        const auto value = maybe(name, least, most);
        if (!value && wrong_.empty()) wrong_ = fmt::format("{} is missing", name);
        return value.value_or(0);
    }
    std::optional<std::int64_t> maybe(const char* name, std::int64_t least, std::int64_t most) {
        if (!wrong_.empty()) return std::nullopt;
        Statement& row = ready(c_, kField, body_, fmt::format("$.{}", name));
        row.executeStep();
        const std::string type = row.getColumn(1).getString();
        const std::int64_t value = type == "integer" ? row.getColumn(0).getInt64() : 0;
        row.reset();
        if (type.empty() || type == "null") return std::nullopt;
        if (type == "integer" && value >= least && value <= most) return value;
        wrong_ = fmt::format("{} is not a whole number from {} to {}", name, least, most);
        return std::nullopt;
    }
    std::optional<std::string> text(const char* name) {
        if (!wrong_.empty()) return std::nullopt;
        Statement& row = ready(c_, kField, body_, fmt::format("$.{}", name));
        row.executeStep();
        std::optional<std::string> value;
        if (row.getColumn(1).getString() == "text") value = row.getColumn(0).getString();
        row.reset();
        return value;
    }
    UtcSeconds time(const char* name) { return domain::utc(integer(name, 0, kLatest)); }
    domain::Bits bits() {
        const domain::Bits bits{static_cast<std::uint32_t>(integer("bits", 0, 0xffff'ffff))};
        const auto difficulty = domain::difficulty_of(bits);
        if (!difficulty) refuse(difficulty.error().what);
        return bits;
    }
    void refuse(const std::string& why) {
        if (wrong_.empty()) wrong_ = why;
    }
    [[nodiscard]] const std::string& wrong() const { return wrong_; }

private:
    Connection& c_;
    const std::string& body_;
    std::string wrong_;
};

domain::Block block_in(Fields& in) {
    domain::Block b{.height = in.integer("height", 0, kHighestHeight),
                    .time = in.time("time_s"),
                    .bits = in.bits()};
    if (const auto fees = in.maybe("fee_sat", 0, INT64_MAX)) b.fees = domain::Satoshi{*fees};
    if (const auto hex = in.text("hash")) {
        const auto hash = domain::parse_hash(*hex);
        if (!hash) {
            in.refuse(hash.error().what);
        } else {
            b.hash = *hash;
        }
    }
    return b;
}

domain::Price price_in(Fields& in) {
    return {in.time("time_s"), domain::seconds{in.integer("span_s", 0, kLatest)},
            domain::MicroUsd{in.integer("price_micro_usd", 1, INT64_MAX)}};
}

domain::FeeMean fee_mean_in(Fields& in) {
    const auto window = domain::parse_fee_window(in.text("fee_window").value_or(""));
    if (!window) in.refuse(window.error().what);
    return {in.time("end_s"), window.value_or(domain::FeeWindow{}),
            domain::Satoshi{in.integer("fee_sat_sum", 0, INT64_MAX)},
            static_cast<std::int32_t>(in.integer("blocks", 1, 1'000'000)),
            in.integer("tip_height", 0, kHighestHeight)};
}

domain::Epoch epoch_in(Fields& in) {
    const domain::Epoch e{in.integer("start_height", 0, kHighestHeight), in.time("start_time_s"),
                          in.bits()};
    if (!domain::is_retarget(e.start_height)) in.refuse("start_height is no multiple of 2016");
    return e;
}

}  // namespace

Result<FactBatch> fact_in(Connection& c, std::string_view kind, const std::string& body) {
    if (kind == "body") return fail(Errc::out_of_range, "it is an answer that could not be read");
    Fields in(c, body);
    FactBatch fact;
    if (kind == "block") {
        fact.blocks.push_back(block_in(in));
    } else if (kind == "price") {
        fact.prices.push_back(price_in(in));
    } else if (kind == "fee_mean") {
        fact.fee_means.push_back(fee_mean_in(in));
    } else if (kind == "epoch") {
        fact.epochs.push_back(epoch_in(in));
    } else {
        in.refuse(fmt::format("there are no facts of the kind '{}'", kind));
    }
    if (!in.wrong().empty()) return fail(Errc::out_of_range, in.wrong());
    return fact;
}

}  // namespace hashprice::storage
