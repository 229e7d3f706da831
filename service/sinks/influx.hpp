#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <random>
#include <string>

#include "domain/clock.hpp"
#include "ingest/transport/http_transport.hpp"
#include "storage/sink_ranges.hpp"

namespace hashprice::service::sinks {

using domain::Result;
using domain::Status;
using std::chrono::milliseconds;

/// Feeds one store that takes line protocol over HTTP: whatever it has not got as it is now, the
/// newest first, a batch at a time.
///
///   points    measurement `hashprice`, no tags, the fields and nanoseconds of `export --format
///             influx`: the same observation is the same point, whoever sends it and how often
///   revised   is sent once more. A store that keeps one point of a time (InfluxDB, QuestDB)
///   replaces
///             it. VictoriaMetrics keeps both and, with -dedup.minScrapeInterval=1s, answers with
///             the last of each second: for it (by_version) the first version of a point lies
///             999 ms before its time, and each revision a millisecond later than the one before
///   pressure  there is no queue: a store that is slow or away leaves ranges of time in the
///             database, and is sent what stands there when it is back
///   owns      a writing connection
///   threads   one
///   outlives  transport and clock must live longer
class Influx {
public:
    struct Options {
        std::string name;
        std::filesystem::path database;
        std::string url;     ///< the write address, query included
        std::string token;   ///< empty: none
        std::string scheme;  ///< of the Authorization header: "Bearer", "Token"
        bool by_version = false;
        int most = 5'000;        ///< points in a batch
        std::uint64_t seed = 1;  ///< of the jitter
    };
    /// What the log should know: that it fails, once, and that it works again.
    using Say = std::function<void(bool bad, const std::string& what)>;

    Influx(Options options, ingest::HttpTransport& http, domain::Clock& clock, Say say);

    /// Sends what is owed; returns how long to wait until the next look.
    milliseconds round(const std::stop_token& stop);
    /// Rounds until stopped.
    void run(const std::stop_token& stop);

private:
    struct Sent {
        std::int64_t points = 0;
        bool too_large = false;
    };
    /// False: nothing is owed, or it failed and has to wait.
    Result<bool> send_next(const std::stop_token& stop);
    /// Writes down that the store has a part: it is not owed any more.
    Status arrived(const storage::SinkPart& part, std::int64_t points);
    Result<std::string> lines_of(const storage::SinkPart& part, std::int64_t& points);
    Result<Sent> send(const storage::SinkPart& part, const std::stop_token& stop);
    void note(const std::string& error);

    Options options_;
    ingest::HttpTransport& http_;
    domain::Clock& clock_;
    Say say_;
    std::mt19937_64 random_;
    std::optional<storage::Database> db_;
    int most_;              ///< points in a batch: fewer where the store refuses that many
    int failures_ = 0;      ///< in a row
    std::string trouble_;   ///< empty: it works
    milliseconds wait_{0};  ///< before the next attempt
};

}  // namespace hashprice::service::sinks
