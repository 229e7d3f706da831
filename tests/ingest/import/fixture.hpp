#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "ingest/import/csv_import.hpp"

namespace hashprice::ingest {

using domain::FactBatch;
using domain::utc;
using domain::UtcSeconds;

const UtcSeconds kNow = utc(1764600000);  // 2025-12-01

struct Imported {
    domain::Status status;
    FactBatch facts;  ///< of all batches together
    int batches = 0;
};

inline ImportOptions options() { return {.file_name = "facts.csv", .now = kNow}; }

inline Imported import(const std::string& text, const ImportOptions& how = options()) {
    Imported imported;
    std::istringstream in(text);
    imported.status = import_csv(in, how, [&](const FactBatch& batch) -> domain::Status {
        FactBatch& all = imported.facts;
        all.source = batch.source;
        all.fetched_at = batch.fetched_at;
        all.blocks.insert(all.blocks.end(), batch.blocks.begin(), batch.blocks.end());
        all.epochs.insert(all.epochs.end(), batch.epochs.begin(), batch.epochs.end());
        all.prices.insert(all.prices.end(), batch.prices.begin(), batch.prices.end());
        all.fee_means.insert(all.fee_means.end(), batch.fee_means.begin(), batch.fee_means.end());
        ++imported.batches;
        return {};
    });
    return imported;
}

/// "" when it was taken.
inline std::string refusal(const std::string& text, const ImportOptions& how = options()) {
    const Imported imported = import(text, how);
    return imported.status ? "" : imported.status.error().what;
}

}  // namespace hashprice::ingest
