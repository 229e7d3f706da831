#pragma once
#include <ostream>
#include <string>
#include <vector>

#include "ingest/backfill/backfill.hpp"

/// What a backfill says about itself.   shape  pure but for Bar
namespace hashprice::service::cli {

std::string summary_text(const ingest::BackfillOptions& asked, const ingest::BackfillSummary& sum);
std::string summary_json(const ingest::BackfillOptions& asked, const ingest::BackfillSummary& sum);
std::string plan_text(const std::vector<ingest::HostPlan>& hosts);
std::string plan_json(const std::vector<ingest::HostPlan>& hosts);
/// One line for a log or a pipe.
std::string progress_line(const ingest::BackfillProgress& at);

/// A progress bar on a terminal, redrawn in place; wiped when it dies.
///
///   outlives  the stream must live longer
class Bar {
public:
    Bar(std::ostream& out, int total) : out_(out), total_(total) {}
    Bar(const Bar&) = delete;
    Bar& operator=(const Bar&) = delete;
    ~Bar();
    /// More than `total` is drawn as nearly done.
    void show(int done);
    void label(std::string text) { label_ = std::move(text); }

private:
    std::ostream& out_;
    int total_;
    std::string label_;
};

}  // namespace hashprice::service::cli
