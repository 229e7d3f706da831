#include <sstream>

#include "ingest/import/csv_import.hpp"
#include "tests/fuzz/target.hpp"

namespace hashprice::fuzz {
namespace {

using domain::FactBatch;

const domain::UtcSeconds kNow = domain::utc(1'764'547'200);  // 2025-12-01T00:00:00Z

void check(const FactBatch& batch) {
    must(batch.source == "import", "facts keep who said them");
    for (const auto& block : batch.blocks) {
        must(block.height >= 0 && block.time <= kNow, "a block is of the past");
        must(!block.fees || block.fees->value >= 0, "fees are not negative");
    }
    for (const auto& epoch : batch.epochs)
        must(epoch.start_height % 2016 == 0, "an epoch starts at a multiple of 2016");
    for (const auto& price : batch.prices)
        must(price.price.value > 0 && price.time <= kNow, "a price is above 0 and of the past");
}

void import(std::string_view file) {
    std::istringstream in{std::string(file)};
    const ingest::ImportOptions options{.file_name = "facts.csv", .now = kNow};
    const auto done = ingest::import_csv(in, options, [](const FactBatch& batch) -> domain::Status {
        check(batch);
        return {};
    });
    if (done) return;
    must(done.error().what.starts_with("facts.csv"), "a refusal names the file");
    must(done.error().what.size() < 1'000, "a refusal is short");
    must(done.error().what.find('\n') == std::string::npos, "a refusal is one line");
}

}  // namespace

std::vector<Target> import_targets() {
    // the shapes of docs/import.md
    return {{"import_csv",
             import,
             {"height,time_s,bits_hex,fee_sat,hash\n902581,1750809838,17023a04,4132227,\n",
              ("height,time_s,bits,fee_sat,hash\n902582,1750809938,386021892,,"
               "00000000000000000002359ec27a2d06673770cb4a2eb9f19c1e147aba2c1b02\n"),
              "date,close_usd,tip_height,fee_sat_sum_144\n2024-12-31,93391.98,877258,635194944\n",
              "start_height,start_time_s,bits\n903168,1751151951,386021892\n",
              ("end_time_s,fee_sat_sum,blocks,tip_height,fee_window\n"
               "1751328000,415638127,144,903445,blocks_144\n"),
              "start_time_s,close_usd,span_s\n1751328000,107000.5,3600\n",
              "\xEF\xBB\xBF# a comment\r\n\"time_s\" , price_usd\r\n1763208000,\"95000\"\r\n\r\n"},
             {"\"", ",", "\n", "\r\n", "#", "0x", "-1", "9223372036854775808", "1e9", "nan",
              "time_s", "height", "bits", "fee_sat", "price_usd", "close_usd", "span_s", "date"},
             false}};
}

}  // namespace hashprice::fuzz
