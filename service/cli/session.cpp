#include "service/cli/session.hpp"

#include <fmt/format.h>

#include "ingest/transport/url.hpp"
#include "service/cli/command.hpp"

namespace hashprice::service::cli {

using domain::Errc;
using domain::fail;
using domain::format_time;
using domain::Result;
using storage::Access;
using storage::Database;

namespace {

/// Only the default place is made; a directory that the operator named must be there.
void make_default_directory(const std::filesystem::path& file, const config::Loaded& loaded) {
    for (const config::Effective& e : loaded.effective) {
        const bool by_default = e.origin.layer == config::Origin::Layer::built_in;
        if (e.section != "database" || e.key != "path" || !by_default) continue;
        std::error_code ignored;  // opening the file says what is wrong
        std::filesystem::create_directories(file.parent_path(), ignored);
    }
}

domain::Status fill_with_starter(Database& db, const ingest::PriceRules& rules,
                                 domain::UtcSeconds now) {
    const auto options = ingest::derive_options(db, rules);
    if (!options) return tl::unexpected(options.error());
    ingest::Collector collector(db, *options);
    return ingest::import_starter(db, collector, now);
}

}  // namespace

Result<Database*> Session::database(Access access) {
    if (database_) return &*database_;
    const std::filesystem::path& file = settings().database.path;
    std::error_code ignored;
    const bool fresh = !std::filesystem::exists(file, ignored);
    if (fresh) make_default_directory(file, loaded);
    auto opened = Database::open(file, fresh ? Access::write : access);
    if (!opened) return tl::unexpected(opened.error());
    opened->keep_free(keep_free(settings()));
    if (fresh || access == Access::write) {
        const auto filled = fill_with_starter(*opened, price_rules(settings()), now());
        if (!filled) return tl::unexpected(filled.error());
    }
    if (fresh) err << fmt::format("hashprice: made {} with the starter history\n", file.string());
    database_.emplace(std::move(*opened));
    return &*database_;
}

Result<ingest::DeriveOptions> Session::derive_options() {
    return database(Access::read).and_then([&](Database* db) {
        return ingest::derive_options(*db, price_rules(settings()));
    });
}

answers::Freshness Session::freshness() const {
    return {now(), settings().price.max_age, settings().poll.interval};
}

std::uint64_t keep_free(const config::Settings& settings) {
    return static_cast<std::uint64_t>(settings.database.min_free_mb) * 1'000'000;
}

ingest::PriceRules price_rules(const config::Settings& settings) {
    return {.sources = settings.price.sources,
            .method = settings.price.method == config::PriceMethod::median
                          ? ingest::IndexMethod::median
                          : ingest::IndexMethod::mean,
            .min_sources = static_cast<int>(settings.price.min_sources),
            .max_age = settings.price.max_age,
            .max_deviation = settings.price.max_deviation,
            .grid = settings.poll.interval};
}

std::vector<ingest::SourcePlan> source_plans(const config::Settings& settings) {
    std::vector<ingest::SourcePlan> plans;
    for (const config::Source& source : settings.sources) {
        plans.push_back({.options = {.name = source.name,
                                     .kind = std::string(config::name_of(source.kind)),
                                     .base_url = source.base_url,
                                     .cookie_file = source.cookie_file.string(),
                                     .rpc_user = source.rpc_user,
                                     .rpc_password = source.rpc_password.reveal(),
                                     .api_key = source.api_key.reveal()},
                         .enabled = source.enabled,
                         .priority = source.priority,
                         .requests_per_minute = source.requests_per_minute});
    }
    return plans;
}

Result<std::vector<answers::ConfiguredSource>> configured_sources(const config::Settings& settings,
                                                                  domain::Clock& clock) {
    const auto roster = ingest::Roster::make(source_plans(settings), clock);
    if (!roster) return tl::unexpected(roster.error());
    std::vector<answers::ConfiguredSource> sources;
    for (const auto& source : (*roster)->all()) {
        answers::ConfiguredSource& card = sources.emplace_back();
        card.name = source->name();
        card.host = ingest::host_of(source->base_url());
        if (source->chain() != nullptr) card.roles.emplace_back("chain");
        if (source->fees() != nullptr) card.roles.emplace_back("fees");
        if (source->price() != nullptr) card.roles.emplace_back("price");
        if (source->comparison() != nullptr) card.roles.emplace_back("comparison");
    }
    return sources;
}

ingest::CurlOptions curl_options(const config::Settings& settings) {
    return {.user_agent = settings.poll.user_agent, .proxy = settings.poll.proxy};
}

Result<domain::Range> range_of(const Arguments& arguments, domain::UtcSeconds now,
                               domain::seconds otherwise) {
    const auto to = domain::parse_range_end(arguments.text_or("--to", "now"), now);
    if (!to) return tl::unexpected(to.error());
    domain::Range range{*to - otherwise, *to};
    if (const auto from = arguments.text("--from")) {
        const auto parsed = domain::parse_range_end(*from, now);
        if (!parsed) return tl::unexpected(parsed.error());
        range.from = *parsed;
    }
    if (range.empty()) {
        return fail(Errc::usage,
                    fmt::format("the range from {} to {} is empty: --from must be before --to",
                                format_time(range.from), format_time(range.to)));
    }
    return range;
}

}  // namespace hashprice::service::cli
