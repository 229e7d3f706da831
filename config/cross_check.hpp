#pragma once
#include "config/layers.hpp"

/// What no key can tell alone.
namespace hashprice::config {

/// Keys that are missing, or that belong to another kind of table than theirs.
void check_tables(const Drafts& drafts, Problems& problems);

/// Names that must exist, values that must fit each other.   needs  check_tables found nothing
void check_whole(const Drafts& drafts, const Settings& settings, Problems& problems);

/// Whether a key means anything in its table: `below` does not in a drawdown rule.
bool applies(const Draft& draft, const Key& key);

}  // namespace hashprice::config
