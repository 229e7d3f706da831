// What bringing history in costs: decode, check, store, derive and sum up, through the product,
// beside the least that could do the same.
//
//   pipeline_bench [BLOCKS] [ROUNDS]         from memory: both take turns, 1,500 blocks at a time
//   pipeline_bench http URL [BLOCKS]         the same from page_server, over loopback
//   pipeline_bench fill FILE [BLOCKS]        leaves the database of a whole chain behind
//   pipeline_bench live [DAYS] [PER_COMMIT]  live polling replayed on the 60 s grid
//   pipeline_bench count | count-live [PER_COMMIT]   small fixed pieces, for instructions_test.py
//
// Both write a file of their own, durably (WAL, synchronous FULL): facts, hourly observations, four
// kinds of bars. (Machines differ: only the ratio within one run counts.)
#include <sys/resource.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <stdexcept>

#include "ingest/transport/curl_transport.hpp"
#include "tests/bench/bare_pipeline.hpp"
#include "tests/bench/chain.hpp"
#include "tests/bench/lines.hpp"
#include "tests/bench/product_pipeline.hpp"

namespace {

using namespace hashprice;
using namespace hashprice::bench;
using domain::UtcSeconds;

constexpr std::int64_t kBlocksPerStore = 1'500;  // as backfill does

/// A folder that goes when this does.
class Folder {
public:
    Folder() : path_(std::filesystem::temp_directory_path() / "hashprice_pipeline_bench.XXXXXX") {
        std::string name = path_.string();
        if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for the bench");
        path_ = name;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path_); }
    [[nodiscard]] std::filesystem::path operator/(const char* name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

struct Piece {
    std::vector<std::string> pages;
    std::vector<domain::Price> closes;
};

/// What one store takes: made outside of every stopwatch, so that memory does not hold the chain.
Piece piece_from(std::int64_t height) {
    Piece piece;
    const std::int64_t end = height + kBlocksPerStore;
    for (std::int64_t first = height; first < end; first += kPageBlocks) {
        piece.pages.push_back(page_from(first));
    }
    const UtcSeconds after = height == 0 ? domain::kGenesisTime : time_of(height - 1);
    piece.closes = hourly_closes(after, time_of(end - 1));
    return piece;
}

// What instructions_test.py counts between entry and return: kept whole, whatever is inlined.
[[gnu::noinline]] void counted_bare(BarePipeline& bare, const Piece& piece) {
    bare.take(piece.pages, piece.closes);
}
[[gnu::noinline]] ingest::Taken counted_first(ProductPipeline& product, const Piece& piece,
                                              UtcSeconds now) {
    return product.take(piece.pages, piece.closes, now);
}
[[gnu::noinline]] ingest::Taken counted_again(ProductPipeline& product, const Piece& piece,
                                              UtcSeconds now) {
    return product.take(piece.pages, piece.closes, now);
}
[[gnu::noinline]] ingest::Taken counted_live(ProductPipeline& product,
                                             std::span<const domain::FactBatch> batches,
                                             UtcSeconds now) {
    return product.take(batches, now);
}

void say_rates(std::string_view what, std::string_view who, const Stopwatch& spent, double count) {
    say(what, who, count / spent.wall_s, "1/s");
    say(std::string(what) + ", by CPU time", who, count / spent.cpu_s, "1/s");
}

void memory_round(std::int64_t blocks, UtcSeconds now) {
    const Folder folder;
    ProductPipeline product(folder / "product.db");
    BarePipeline bare(folder / "bare.db");
    Stopwatch ours;
    Stopwatch least;
    Stopwatch again;
    std::int64_t observations = 0;
    for (std::int64_t at = 0; at < blocks; at += kBlocksPerStore) {
        const Piece piece = piece_from(at);
        least.measure([&] { counted_bare(bare, piece); });
        observations +=
            ours.measure([&] { return counted_first(product, piece, now); }).derived.changed;
    }
    const std::uint64_t before = product.version();
    for (std::int64_t at = 0; at < blocks; at += kBlocksPerStore) {
        const Piece piece = piece_from(at);
        again.measure([&] { return counted_again(product, piece, now); });
    }
    const auto count = static_cast<double>(blocks);
    say_rates("backfill from memory", "bare", least, count);
    say_rates("backfill from memory", "product", ours, count);
    say_rates("backfill again, nothing new", "product", again, count);
    say("rows rewritten by the second run", "product", product.version() == before ? 0 : 1, "");
    say("observations derived", "product", static_cast<double>(observations), "");
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    say("peak memory of both", "product", static_cast<double>(usage.ru_maxrss) / 1024, "MB");
}

void fill(const std::filesystem::path& file, std::int64_t blocks) {
    ProductPipeline product(file);
    for (std::int64_t at = 0; at < blocks; at += kBlocksPerStore) {
        counted_first(product, piece_from(at), time_of(blocks + kBlocksPerStore));
    }
}

/// The pages of one store, asked for one by one on a connection that stays open.
Piece fetched(ingest::HttpTransport& http, const std::string& url, std::int64_t height) {
    Piece piece;
    const std::int64_t end = height + kBlocksPerStore;
    for (std::int64_t top = height + kPageBlocks - 1; top < end; top += kPageBlocks) {
        auto answer = http.send({.url = url + "/api/v1/blocks/" + std::to_string(top)}, {});
        if (!answer || answer->status != 200) throw std::runtime_error("page_server said no");
        piece.pages.push_back(std::move(answer->body));
    }
    const UtcSeconds after = height == 0 ? domain::kGenesisTime : time_of(height - 1);
    piece.closes = hourly_closes(after, time_of(end - 1));
    return piece;
}

void over_http(const std::string& url, std::int64_t blocks) {
    const Folder folder;
    ProductPipeline product(folder / "product.db");
    BarePipeline bare(folder / "bare.db");
    ingest::CurlTransport http({});
    Stopwatch ours;
    Stopwatch least;
    const UtcSeconds now = time_of(blocks + kBlocksPerStore);
    for (std::int64_t at = 0; at + kBlocksPerStore <= blocks; at += kBlocksPerStore) {
        least.measure([&] { counted_bare(bare, fetched(http, url, at)); });
        ours.measure([&] { return counted_first(product, fetched(http, url, at), now); });
    }
    // NOLINTNEXTLINE(bugprone-integer-division): whole pieces
    const auto count = static_cast<double>(blocks / kBlocksPerStore * kBlocksPerStore);
    say_rates("backfill over HTTP", "bare", least, count);
    say_rates("backfill over HTTP", "product", ours, count);
}

/// What arrives in the minute before `t`.
void add_minute(std::vector<domain::FactBatch>& batches, UtcSeconds t, std::int64_t& next_height) {
    domain::FactBatch& chain = batches.front();
    while (time_of(next_height) <= t) {
        chain.blocks.push_back({.height = next_height,
                                .hash = std::nullopt,
                                .parent = std::nullopt,
                                .time = time_of(next_height),
                                .bits = kBits,
                                .fees = fees_of(next_height)});
        ++next_height;
    }
    std::int64_t apart = -2;
    for (auto batch = std::next(batches.begin()); batch != batches.end(); ++batch, ++apart) {
        const auto price = price_at(t - domain::seconds{5});
        batch->prices.push_back({t - domain::seconds{5}, domain::seconds{0},
                                 domain::MicroUsd{price.value + apart * 1'000'000}});
    }
}

std::vector<domain::FactBatch> nothing_yet(UtcSeconds now) {
    std::vector<domain::FactBatch> batches;
    for (const char* source : {"mempool", "coinbase", "kraken", "bitstamp", "gemini"}) {
        batches.push_back({.source = source, .fetched_at = now});
    }
    return batches;
}

/// The least that is durable: one row and a commit that waits for the disk, which a disk
/// that others use too makes dear.
class BareCommit {
public:
    explicit BareCommit(const std::filesystem::path& file)
        : db_(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX) {
        db_.exec(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; "
            "CREATE TABLE t(time INTEGER PRIMARY KEY, usd REAL) STRICT");
        insert_.emplace(db_, "INSERT INTO t VALUES(?, 40.5)");
    }
    void take(std::int64_t time) {
        insert_->bind(1, time);
        insert_->exec();
        insert_->reset();
    }

private:
    SQLite::Database db_;
    std::optional<SQLite::Statement> insert_;
};

/// One line a tenth: the cost of an instant must not grow with what is stored.
void live(std::int64_t instants, std::int64_t per_commit) {
    const Folder folder;
    std::optional<ProductPipeline> product(folder / "live.db");
    const std::string what =
        per_commit == 1 ? "live instants, a durable commit each" : "live instants, in batches";
    std::optional<BareCommit> bare;
    if (per_commit == 1) bare.emplace(folder / "bare.db");
    Stopwatch least;
    std::int64_t height = 1;
    UtcSeconds t = std::chrono::floor<std::chrono::days>(time_of(300));
    Stopwatch all;
    Stopwatch part;
    std::int64_t in_part = 0;
    std::int64_t written = 0;
    for (std::int64_t done = 0; done < instants;) {
        auto batches = nothing_yet(t + domain::seconds{60 * per_commit});
        const std::int64_t count = std::min(per_commit, instants - done);
        for (std::int64_t i = 0; i < count; ++i) {
            t += domain::kMinute;
            add_minute(batches, t, height);
        }
        const auto take = [&] { return counted_live(*product, batches, t); };
        if (bare) least.measure([&] { bare->take(domain::unix_s(t)); });
        written += part.measure([&] { return all.measure(take); }).derived.changed;
        done += count;
        in_part += count;
        if (done * 10 / instants == (done - count) * 10 / instants) continue;
        say(what + ", tenth " + std::to_string(done * 10 / instants), "product",
            static_cast<double>(in_part) / part.wall_s, "1/s");
        part = {};
        in_part = 0;
    }
    if (written < instants) throw std::runtime_error("not every instant has its observation");
    if (bare) say_rates(what, "bare, one row", least, static_cast<double>(instants));
    say_rates(what, "product", all, static_cast<double>(instants));
    product.reset();  // what stands in the log goes into the file
    const auto bytes = static_cast<double>(std::filesystem::file_size(folder / "live.db"));
    say("database of " + what, "product", bytes / static_cast<double>(instants), "B/instant");
}

int run(int argc, char** argv) {
    const std::string mode = argc > 1 ? argv[1] : "";
    const auto number = [&](int at, std::int64_t otherwise) {
        return argc > at ? std::atoll(argv[at]) : otherwise;
    };
    if (mode == "live") {
        live(number(2, 30) * 1'440, number(3, 1'440));
    } else if (mode == "http") {
        over_http(argc > 2 ? argv[2] : "", number(3, 30'000));
    } else if (mode == "fill") {
        fill(argc > 2 ? argv[2] : "", number(3, 900'000));
    } else if (mode == "count") {
        memory_round(2 * kBlocksPerStore, time_of(4 * kBlocksPerStore));
    } else if (mode == "count-live") {
        live(480, number(2, 1));
    } else {
        const std::int64_t blocks = number(1, 60'000) / kBlocksPerStore * kBlocksPerStore;
        const std::int64_t rounds = number(2, 5);
        for (std::int64_t i = 0; i < rounds; ++i) memory_round(blocks, time_of(blocks + 1));
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
