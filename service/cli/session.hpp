#pragma once
#include <functional>
#include <optional>
#include <ostream>
#include <string>

#include "config/load.hpp"
#include "domain/clock.hpp"
#include "ingest/collector.hpp"
#include "ingest/roster.hpp"
#include "ingest/transport/curl_transport.hpp"
#include "service/answers/latest.hpp"
#include "service/answers/sources.hpp"
#include "storage/database.hpp"

namespace hashprice::service::cli {

class Arguments;

/// What a command works with.
///
///   owns      the database connection, once it was asked for
///   outlives  clock and streams must live longer
class Session {
public:
    struct Surroundings {
        domain::Clock& clock;
        std::ostream& out;  ///< data
        std::ostream& err;  ///< everything else
        bool out_is_terminal = false;
        bool colour = false;
        int width = 80;  ///< columns of the terminal
        bool err_is_terminal = false;
    };
    Session(config::Loaded settings, const Surroundings& around)
        : loaded(std::move(settings)),
          clock(around.clock),
          out(around.out),
          err(around.err),
          out_is_terminal(around.out_is_terminal),
          colour(around.colour),
          width(around.width),
          err_is_terminal(around.err_is_terminal) {}

    const config::Settings& settings() const { return loaded.settings; }
    /// The database at settings().database.path: made and filled with the starter history when
    /// there is none, brought to the newest schema when `write` is wanted.
    domain::Result<storage::Database*> database(storage::Access access);
    domain::Result<ingest::DeriveOptions> derive_options();
    [[nodiscard]] answers::Freshness freshness() const;
    [[nodiscard]] domain::UtcSeconds now() const { return clock.now(); }

    config::Loaded loaded;
    /// The settings as they are written now, for whoever reads them again.
    std::function<config::Report()> examine;
    domain::Clock& clock;
    std::ostream& out;  ///< data
    std::ostream& err;  ///< everything else
    bool out_is_terminal = false;
    bool colour = false;
    int width = 80;
    bool err_is_terminal = false;

private:
    std::optional<storage::Database> database_;
};

/// What they say about room on the disk, in bytes.
std::uint64_t keep_free(const config::Settings& settings);
/// What the settings say about the price index.
ingest::PriceRules price_rules(const config::Settings& settings);
/// What they say about whom to ask, and how.
std::vector<ingest::SourcePlan> source_plans(const config::Settings& settings);
/// Every enabled source, what it is for and where it is.
domain::Result<std::vector<answers::ConfiguredSource>> configured_sources(
    const config::Settings& settings, domain::Clock& clock);
ingest::CurlOptions curl_options(const config::Settings& settings);

/// --from and --to; --to is now when left out, --from `otherwise` before it.
///   errors  no time, or an empty range -> Errc::usage
domain::Result<domain::Range> range_of(const Arguments& arguments, domain::UtcSeconds now,
                                       domain::seconds otherwise);

}  // namespace hashprice::service::cli
