#pragma once
#include <functional>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "domain/clock.hpp"
#include "ingest/sources/source.hpp"
#include "ingest/transport/backoff.hpp"
#include "ingest/transport/budget.hpp"
#include "storage/polls.hpp"

namespace hashprice::ingest {

/// How long the exchanges of one question took, waiting for turns left out.
class Stopwatch final : public HttpTransport {
public:
    Stopwatch(HttpTransport& below, const domain::Clock& clock) : below_(below), clock_(clock) {}
    domain::Result<HttpResponse> send(const HttpRequest& request,
                                      const std::stop_token& stop) override;
    std::chrono::milliseconds take() { return std::exchange(took_, {}); }

private:
    HttpTransport& below_;
    const domain::Clock& clock_;
    std::chrono::milliseconds took_{};
};

/// Asks sources questions about the past: patiently, politely, and keeping a record.
///
///   owns      the poll log and the refused bodies until they are taken
///   outlives  http, budgets (which it spends) and clock must live longer
///   threads   one
///   rule      a host that asked anybody on this database to be left alone is left alone. What may
///             pass is tried again after a growing pause; a source that fails twice in
///             spite of that is not asked again as long as this object lives
class Asker {
public:
    struct Surroundings {
        storage::Database& db;  ///< keeps what hosts asked for, for others and for later
        std::mutex& db_m;       ///< guards db; not to be held by whoever asks
        HttpTransport& http;
        HostBudgets& budgets;
        domain::Clock& clock;
        std::stop_token stop;
        std::chrono::milliseconds timeout{10'000};
        std::function<void(int)> asked;  ///< called with the number of requests of each question
    };
    explicit Asker(Surroundings around)
        : around_(std::move(around)),
          stopwatch_(around_.http, around_.clock),
          budgeted_(stopwatch_, around_.budgets) {}

    /// `question` gets a Visit and returns a Result.   errors  its last one; Errc::stopped
    template <class Question>
    auto ask(const Source& source, const Question& question)
        -> decltype(question(std::declval<Visit&>())) {
        for (int tries = 1;; ++tries) {
            if (const auto open = may_ask(source); !open) return tl::unexpected(open.error());
            Visit visit{.http = budgeted_,
                        .now = around_.clock.now(),
                        .stop = around_.stop,
                        .timeout = around_.timeout};
            auto answer = question(visit);
            const domain::Error* error = answer ? nullptr : &answer.error();
            note(source, visit, error);
            if (answer || !wait_for_retry(source, visit, *error, tries)) return answer;
        }
    }

    [[nodiscard]] domain::UtcSeconds now() const { return around_.clock.now(); }
    [[nodiscard]] bool stopped() const { return around_.stop.stop_requested(); }

    /// What is to be recorded besides facts; empty afterwards.
    std::vector<storage::Poll> take_polls() { return std::exchange(polls_, {}); }
    std::map<std::string, std::vector<domain::Refused>> take_refused() {
        return std::exchange(refused_, {});
    }

private:
    [[nodiscard]] domain::Status may_ask(const Source& source);
    /// Waits for the end of a short cool-down; a long one gives the source up.
    domain::Status wait_out(const Source& source);
    void note(const Source& source, const Visit& visit, const domain::Error* error);
    /// Whether to try once more, after the pause that this takes.
    bool wait_for_retry(const Source& source, const Visit& visit, const domain::Error& error,
                        int tries);
    void count_failure(const Source& source, const domain::Error& error);

    Surroundings around_;
    Stopwatch stopwatch_;
    BudgetedTransport budgeted_;
    std::mt19937_64 random_{std::random_device{}()};
    std::map<std::string, int> failures_;  ///< in a row, retries included
    std::map<std::string, domain::Error> given_up_;
    std::vector<storage::Poll> polls_;
    std::map<std::string, std::vector<domain::Refused>> refused_;
};

}  // namespace hashprice::ingest
