#include "tests/ingest/failover/storm.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "ingest/transport/conditional.hpp"
#include "ingest/transport/curl_transport.hpp"

namespace hashprice::ingest {
namespace {

using domain::Errc;
using domain::fail;
using domain::Result;

constexpr const char* kDomain = ".test";

/// http://coinbase.test/products becomes /coinbase/products on the fake upstream.
class WeatheredTransport final : public HttpTransport {
public:
    explicit WeatheredTransport(Weather& weather) : weather_(weather) {}

    Result<HttpResponse> send(const HttpRequest& request, const std::stop_token& stop) override {
        const auto scheme = request.url.find("//") + 2;
        const auto to = request.url.find(kDomain);
        const auto login = request.url.find('@') < to ? request.url.find('@') + 1 : scheme;
        const std::string provider = request.url.substr(login, to - login);
        HttpRequest real = request;
        const auto patience = weather_.patience.find(provider);
        if (patience != weather_.patience.end()) real.timeout = patience->second;
        const auto detour = weather_.detours.find(provider);
        real.url = detour == weather_.detours.end() ? weather_.upstream.url("/" + provider)
                                                    : detour->second;
        real.url.insert(real.url.find("//") + 2, request.url.substr(scheme, login - scheme));
        real.url += request.url.substr(to + 5);
        weather_.requests[provider].push_back(weather_.clock.uptime());
        // prices stand still within a minute: whenever in it one is asked, it says the same
        const UtcSeconds minute = std::chrono::floor<std::chrono::minutes>(weather_.clock.now());
        weather_.upstream.set_now(minute);
        if (std::uniform_real_distribution<double>(0, 1)(weather_.random) >= weather_.faults) {
            auto answer = curl_.send(real, stop);
            if (answer) weather_.served[provider].insert(minute);
            return answer;
        }
        return spoiled(curl_.send(real, stop));
    }

private:
    static HttpResponse status(int code, const std::string& retry_after = {}) {
        HttpResponse answer{.status = code, .body = "<html>go away</html>", .headers = {}};
        if (!retry_after.empty()) answer.headers["retry-after"] = retry_after;
        return answer;
    }
    /// Mostly trouble that passes; now and then a host that asks to be left alone.
    Result<HttpResponse> spoiled(Result<HttpResponse> answer) {
        const int die = std::uniform_int_distribution<int>(0, 399)(weather_.random);
        if (die == 0) return struck("403", status(403));
        if (die <= 5) return struck("429", status(429));
        if (die <= 10) return struck("retry_after", status(503, "20"));
        if (!answer) return answer;
        switch (die % 8) {
            case 0:
                return struck("refused", fail(Errc::network, "no connection"));
            case 1:
                weather_.clock.advance(milliseconds{2'000});
                return struck("timeout", fail(Errc::timeout, "no answer within 2 s"));
            case 2:
                return struck("500", status(500));
            case 3:
                return struck("503", status(503));
            case 4:
                answer->body = "<html>maintenance</html>";
                return struck("html", std::move(answer));
            case 5:
                answer->body.resize(answer->body.size() * 2 / 3);
                return struck("cut", std::move(answer));
            case 6:
                answer->body.clear();
                return struck("empty", std::move(answer));
            default:
                answer->body = "{}";
                return struck("other json", std::move(answer));
        }
    }
    Result<HttpResponse> struck(const std::string& what, Result<HttpResponse> answer) {
        ++weather_.struck[what];
        return answer;
    }

    Weather& weather_;
    CurlTransport curl_{{}};
};

/// The same behind the hosts' budgets.
class PoliteTransport final : public HttpTransport {
public:
    PoliteTransport(Weather& weather, HostBudgets& budgets)
        : weathered_(weather), conditional_(weathered_), polite_(conditional_, budgets) {}
    Result<HttpResponse> send(const HttpRequest& request, const std::stop_token& stop) override {
        return polite_.send(request, stop);
    }

private:
    WeatheredTransport weathered_;
    ConditionalTransport conditional_;
    BudgetedTransport polite_;
};

const std::vector<std::string> kExchanges{"coinbase", "kraken", "bitstamp", "gemini"};

}  // namespace

const std::map<std::string, double>& Storm::budgets() {
    static const std::map<std::string, double> all{
        {"mempool", 30},  {"esplora", 6}, {"bitcoin_core", 60}, {"coinbase", 60}, {"kraken", 30},
        {"bitstamp", 60}, {"gemini", 30}, {"braiins", 6},       {"luxor", 6}};
    return all;
}

Storm::Storm(const Cast& cast) : clock(cast.start) {
    upstream.set_rpc_login("user:pass");
    std::vector<SourcePlan> plans;
    std::int64_t priority = 0;
    for (const std::string& name : cast.sources) {
        plans.push_back({.options = {.name = name,
                                     .kind = name,
                                     .base_url = "http://" + name + kDomain,
                                     .rpc_user = "user",
                                     .rpc_password = "pass",
                                     .api_key = "key"},
                         .priority = ++priority,
                         .requests_per_minute = budgets().at(name)});
    }
    roster_ = Roster::make(std::move(plans), clock).value();
    auto database =
        (cast.database.empty() ? storage::Database::in_memory()
                               : storage::Database::open(cast.database, storage::Access::write))
            .value();
    const auto options = derive_options(database, {.sources = kExchanges}).value();
    writer_ = std::make_unique<Writer>(std::move(database), options, clock, notices_);
    auto routines = live_routines(
        *roster_, {*writer_, notices_, roster_->budgets(), clock, cast.timeout},
        {.price_sources = kExchanges},
        [this] { return std::make_unique<PoliteTransport>(weather, roster_->budgets()); });
    for (auto& routine : routines) {
        const milliseconds due = clock.uptime() + routine->first_wait();
        players_.push_back({std::move(routine), due});
    }
}

std::size_t Storm::busiest_minute(const std::string& provider) const {
    using namespace std::chrono_literals;
    const auto found = weather.requests.find(provider);
    if (found == weather.requests.end()) return 0;
    const std::vector<milliseconds>& sent = found->second;
    std::size_t first = 0;
    std::size_t most = 0;
    for (std::size_t last = 0; last < sent.size(); ++last) {
        while (sent[last] - sent[first] >= 60s) ++first;
        most = std::max(most, last - first + 1);
    }
    return most;
}

void Storm::play_until(UtcSeconds t) {
    while (clock.now() < t) {
        const auto next = std::ranges::min_element(players_, {}, &Player::due);
        if (next->due > clock.uptime()) clock.advance(next->due - clock.uptime());
        const milliseconds wait = next->routine->round({});
        next->due = clock.uptime() + wait;
    }
}

}  // namespace hashprice::ingest
