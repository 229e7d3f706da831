#include "config/cross_check.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/builtin.hpp"
#include "config/listen.hpp"

namespace hashprice::config {
namespace {

const std::string* kind_of(const Draft& draft) {
    return draft.section->find("kind") == nullptr ? nullptr : draft.text("kind");
}

void check_table(const Draft& draft, Problems& problems) {
    for (const Slot& slot : draft.slots) {
        const Key& key = *slot.key;
        if (applies(draft, key)) {
            if (!key.required || slot.value) continue;
            problems.push_back(
                {draft.origin, fmt::format("{}{} is missing: add it, for example "
                                           "{} = {}",
                                           draft.label(), key.name, key.name, key.example)});
        } else if (kind_of(draft) != nullptr && (slot.was_set() || slot.secret)) {
            problems.push_back(
                {slot.was_set() ? slot.origin : slot.secret_origin,
                 fmt::format("{}{} belongs to kind {} only, and this one is {}: take it out",
                             draft.label(), key.name, fmt::join(key.kinds, ", "),
                             *kind_of(draft))});
        }
    }
}

class Whole {
public:
    Whole(const Drafts& drafts, const Settings& settings, Problems& problems)
        : drafts_(drafts), settings_(settings), problems_(problems) {}

    void check() {
        check_http();
        check_price_index();
        const auto sources = drafts_.of("source");
        for (std::size_t n = 0; n < sources.size(); ++n) {
            check_source(*sources[n], settings_.sources[n]);
        }
        const auto rules = drafts_.of("trend.rule");
        for (std::size_t n = 0; n < rules.size(); ++n) {
            check_rule(*rules[n], settings_.rules[n]);
        }
        const auto fleets = drafts_.of("fleet");
        for (std::size_t n = 0; n < fleets.size(); ++n) {
            const Fleet& fleet = settings_.fleets[n];
            if (fleet.machine_price_usd_per_th && fleet.machine_price_btc_per_th) {
                refuse(*fleets[n], "machine_price_btc_per_th",
                       "cannot stand beside machine_price_usd_per_th: keep one of them");
            }
        }
    }

private:
    void refuse(const Draft& draft, std::string_view key, std::string_view what) {
        const Slot& slot = draft.slot(key);
        const bool here = slot.was_set() || draft.origin.layer == Origin::Layer::built_in;
        problems_.push_back(
            {here ? slot.origin : draft.origin, fmt::format("{}{} {}", draft.label(), key, what)});
    }

    void check_http() {
        const auto address = parse_listen(settings_.http.listen);
        const Draft& http = *drafts_.of("http").front();
        if (!address || address->loopback || !settings_.http.token.empty()) return;
        refuse(http, "listen",
               "reaches beyond this machine, and no token is set: set token_file (or "
               "HASHPRICE_HTTP_TOKEN), or listen on 127.0.0.1");
    }

    void check_price_index() {
        const Draft& price = *drafts_.of("price").front();
        const PriceIndex& index = settings_.price;
        for (const std::string& name : index.sources) check_price_source(price, name);
        if (index.min_sources > static_cast<std::int64_t>(index.sources.size())) {
            const bool by_list = price.slot("sources").was_set();
            refuse(price,
                   by_list && !price.slot("min_sources").was_set() ? "sources" : "min_sources",
                   fmt::format("do not fit: min_sources is {}, but sources names {}: lower the "
                               "one or lengthen the other",
                               index.min_sources, index.sources.size()));
        }
    }

    void check_price_source(const Draft& price, const std::string& name) {
        const auto found = std::ranges::find(settings_.sources, name, &Source::name);
        if (found == settings_.sources.end()) {
            return refuse(price, "sources",
                          fmt::format("names '{}', which is no source: add a [[source]] of that "
                                      "name, or take it out",
                                      name));
        }
        if (!is_exchange(found->kind)) {
            return refuse(price, "sources",
                          fmt::format("names '{}', which is no exchange: use sources of kind "
                                      "coinbase, kraken, bitstamp or gemini",
                                      name));
        }
        if (found->enabled) return;
        const std::string what =
            fmt::format("'{}' counts in [price] sources, but enabled is false", name);
        const auto drafts = drafts_.of("source");
        const Slot& enabled =
            drafts[static_cast<std::size_t>(found - settings_.sources.begin())]->slot("enabled");
        problems_.push_back({enabled.was_set() ? enabled.origin : price.slot("sources").origin,
                             what + ": take it out there, or switch the source on"});
    }

    void check_source(const Draft& draft, const Source& source) {
        if (source.name == "starter") {
            refuse(draft, "name", "is the name of the shipped history: choose another");
        }
        check_built_in_kind(draft, source);
        if (!source.enabled) return;
        if (source.kind == SourceKind::luxor && source.api_key.empty()) {
            refuse(draft, "api_key_file", "is missing: this provider answers nobody without a key");
        }
        if (source.kind != SourceKind::bitcoin_core) return;
        const bool password = !source.rpc_user.empty() || !source.rpc_password.empty();
        if (!source.cookie_file.empty() && password) {
            refuse(draft, "cookie_file",
                   "cannot stand beside rpc_user and rpc_password_file: keep one way to log in");
        } else if (source.cookie_file.empty() &&
                   (source.rpc_user.empty() || source.rpc_password.empty())) {
            refuse(draft, "enabled",
                   "is true, but no way to log in is set: set cookie_file, or rpc_user and "
                   "rpc_password_file");
        }
    }

    void check_built_in_kind(const Draft& draft, const Source& source) {
        if (!draft.built_in) return;
        const auto originals = built_in_sources();
        const auto original = std::ranges::find(originals, source.name, &Source::name);
        if (original->kind == source.kind) return;
        refuse(draft, "kind",
               fmt::format("must stay {}, because the source is built in: give yours another name",
                           name_of(original->kind)));
    }

    void check_rule(const Draft& draft, const TrendRule& rule) {
        if (rule.kind == RuleKind::level && rule.below && rule.rearm_above &&
            *rule.rearm_above <= *rule.below) {
            refuse(draft, "rearm_above",
                   fmt::format("must be above below, which is {}", *rule.below));
        }
        for (const std::string& name : rule.notify) {
            if (std::ranges::find(settings_.notify, name, &Receiver::name) !=
                settings_.notify.end()) {
                continue;
            }
            refuse(draft, "notify",
                   fmt::format("names '{}', which is no receiver: add a [[notify]] of that name, "
                               "or take it out",
                               name));
        }
    }

    const Drafts& drafts_;
    const Settings& settings_;
    Problems& problems_;
};

}  // namespace

bool applies(const Draft& draft, const Key& key) {
    if (key.kinds.empty()) return true;
    const std::string* kind = kind_of(draft);
    return kind != nullptr && std::ranges::find(key.kinds, *kind) != key.kinds.end();
}

void check_tables(const Drafts& drafts, Problems& problems) {
    for (const Draft& draft : drafts.all()) check_table(draft, problems);
}

void check_whole(const Drafts& drafts, const Settings& settings, Problems& problems) {
    Whole(drafts, settings, problems).check();
}

}  // namespace hashprice::config
