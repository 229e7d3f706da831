#include <fmt/format.h>

#include <array>

#include "ingest/sources/bitcoin_core.hpp"
#include "ingest/sources/bitstamp.hpp"
#include "ingest/sources/blockchain_com.hpp"
#include "ingest/sources/coinbase.hpp"
#include "ingest/sources/comparison.hpp"
#include "ingest/sources/esplora.hpp"
#include "ingest/sources/gemini.hpp"
#include "ingest/sources/kraken.hpp"
#include "ingest/sources/mempool.hpp"
#include "ingest/sources/source.hpp"
#include "ingest/transport/url.hpp"

namespace hashprice::ingest {
namespace {

using Make = std::unique_ptr<Source> (*)(SourceOptions);

template <class Kind>
std::unique_ptr<Source> make(SourceOptions options) {
    return std::make_unique<Kind>(std::move(options));
}

struct KindEntry {
    std::string_view kind;
    Make make;
};
constexpr std::array kKinds{KindEntry{"mempool", &make<Mempool>},
                            KindEntry{"coinbase", &make<Coinbase>},
                            KindEntry{"kraken", &make<Kraken>},
                            KindEntry{"bitstamp", &make<Bitstamp>},
                            KindEntry{"gemini", &make<Gemini>},
                            KindEntry{"esplora", &make<Esplora>},
                            KindEntry{"bitcoin_core", &make<BitcoinCore>},
                            KindEntry{"blockchain_com", &make<BlockchainCom>},
                            KindEntry{"braiins", &make<Braiins>},
                            KindEntry{"luxor", &make<Luxor>}};

}  // namespace

const std::vector<std::string_view>& source_kinds() {
    static const std::vector<std::string_view> kinds = [] {
        std::vector<std::string_view> names;
        names.reserve(kKinds.size());
        for (const KindEntry& entry : kKinds) names.push_back(entry.kind);
        return names;
    }();
    return kinds;
}

domain::Result<std::unique_ptr<Source>> make_source(SourceOptions options) {
    const std::string& url = options.base_url;
    const bool web = url.starts_with("http://") || url.starts_with("https://");
    if (!web || host_of(url).empty()) {
        return domain::fail(domain::Errc::config,
                            fmt::format("source {}: base_url must begin with http:// or https:// "
                                        "and name a host",
                                        options.name));
    }
    for (const KindEntry& entry : kKinds) {
        if (entry.kind == options.kind) return entry.make(std::move(options));
    }
    return domain::fail(domain::Errc::config,
                        fmt::format("source {}: kind '{}' is none of {}", options.name,
                                    options.kind, fmt::join(source_kinds(), ", ")));
}

}  // namespace hashprice::ingest
