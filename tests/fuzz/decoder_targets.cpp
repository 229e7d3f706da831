#include "tests/fuzz/target.hpp"
#include "tests/ingest/decoders.hpp"
#include "tests/support/faults.hpp"

namespace hashprice::fuzz {
namespace {

using domain::Errc;

/// It says what it read, the same each time, or refuses in one line of the right kind.
void decode(const ingest::DecoderCase& decoder, std::string_view body) {
    const auto read = decoder.decode(body);
    const auto again = decoder.decode(body);
    must(read.has_value() == again.has_value(), "the same body is always read the same");
    if (read) {
        must(*read == *again, "the same body is always read the same");
        return;
    }
    const Errc code = read.error().code;
    // a node may also answer that it is not ready, or that it does not know; Kraken says so too
    const bool says_why = (decoder.name.starts_with("core_") &&
                           (code == Errc::http_status || code == Errc::not_found)) ||
                          (decoder.name == "kraken_ohlc" && code == Errc::http_status);
    must(says_why || code == Errc::bad_payload || code == Errc::out_of_range,
         "a refusal is of the right kind");
    must(read.error().what.size() < 400 && read.error().what.find('\n') == std::string::npos,
         "a refusal is one short line");
}

std::vector<std::string> seeds_of(const std::string& name) {
    const std::string whole = ingest::payload(name);
    std::vector<std::string> seeds{whole};
    if (name == "kraken_ohlc") seeds.push_back(ingest::payload("kraken_error"));
    for (const fake::FaultKind kind : fake::all_faults()) {
        const bool of_the_body = kind >= fake::FaultKind::empty && kind < fake::FaultKind::frozen;
        if (!of_the_body || kind == fake::FaultKind::depth_bomb) continue;
        seeds.push_back(fake::spoiled(kind, whole, static_cast<std::int64_t>(whole.size() / 2)));
    }
    return seeds;
}

}  // namespace

std::vector<Target> decoder_targets() {
    std::vector<Target> all;
    for (const ingest::DecoderCase& decoder : ingest::decoder_cases()) {
        all.push_back({.name = "decode_" + decoder.name,
                       .run = [&decoder](std::string_view body) { decode(decoder, body); },
                       .seeds = seeds_of(decoder.name),
                       .words = {"null", "-1", "0", "1e999", "18446744073709551616", "0.1", "[]",
                                 "{}", "\"\"", "true", "9223372036854775807", "1e-320", "\\u0000"},
                       .thorough = true});
    }
    return all;
}

}  // namespace hashprice::fuzz
