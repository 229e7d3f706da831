#include <gmock/gmock.h>

#include <functional>
#include <map>

#include "tests/ingest/facts_text.hpp"
#include "tests/ingest/fetch_test.hpp"

/// Every source, every question, every fault: an error that names what is wrong, or the answer
/// that an undisturbed provider gives.
namespace hashprice::ingest {
namespace {

using domain::Errc;
using domain::kDay;
using domain::kHour;
using domain::Result;
using fake::Fault;
using fake::FaultKind;
using namespace std::chrono_literals;

using Ask = std::function<Result<std::string>(const Source&, Visit&)>;

template <class Question>
Ask as_text(Question question) {
    return [question](const Source& source, Visit& visit) {
        return question(source, visit).map([](const auto& value) { return text(value); });
    };
}

struct Question {
    std::string kind;
    std::string name;
    Ask ask;
};

std::vector<Question> questions() {
    const domain::Range fees{domain::utc(1'752'200'000), domain::utc(1'752'210'000)};
    const domain::Range day{domain::utc(1'752'192'000), domain::utc(1'752'278'400)};
    const Ask page =
        as_text([](const Source& s, Visit& v) { return s.chain()->blocks_to(v, 905'190); });
    const Ask epochs =
        as_text([](const Source& s, Visit& v) { return s.chain()->epochs_from(v, 890'000); });
    const Ask tip = as_text([](const Source& s, Visit& v) { return s.chain()->tip_height(v); });
    const Ask tick = as_text([](const Source& s, Visit& v) { return s.price()->tick(v); });
    const auto candles = [day](domain::seconds span) {
        return as_text([=](const Source& s, Visit& v) { return s.price()->candles(v, day, span); });
    };
    const Ask published =
        as_text([](const Source& s, Visit& v) { return s.comparison()->published(v); });
    const Ask block_fees =
        as_text([=](const Source& s, Visit& v) { return s.fees()->block_fees(v, fees); });
    const Ask day_fees =
        as_text([=](const Source& s, Visit& v) { return s.fees()->day_fees(v, day); });
    return {{"mempool", "tip", tip},
            {"mempool", "blocks", page},
            {"mempool", "epochs", epochs},
            {"mempool", "block_fees", block_fees},
            {"mempool", "day_fees", day_fees},
            {"mempool", "tick", tick},
            {"esplora", "tip", tip},
            {"esplora", "blocks", page},
            {"esplora", "epochs", epochs},
            {"bitcoin_core", "node_tip", tip},
            {"bitcoin_core", "blocks", page},
            {"bitcoin_core", "epochs", epochs},
            {"coinbase", "tick", tick},
            {"coinbase", "candles", candles(kHour)},
            {"kraken", "tick", tick},
            {"kraken", "candles", candles(kHour)},
            {"bitstamp", "tick", tick},
            {"bitstamp", "candles", candles(kHour)},
            {"gemini", "tick", tick},
            {"gemini", "candles", candles(kHour)},
            {"blockchain_com", "candles", candles(kDay)},
            {"blockchain_com", "day_fees", day_fees},
            {"braiins", "published", published},
            {"luxor", "published", published}};
}

class FaultMatrix : public Fetch {
protected:
    FaultMatrix() { upstream_.set_rpc_login("user:pass:word/ü"); }

    /// Asks with the fault in force, and once more when it is over.
    Result<std::string> asked_under(const Question& q, Fault fault) {
        fault.prefix = "/" + q.kind;
        const bool slow =
            fault.kind == FaultKind::slow_headers || fault.kind == FaultKind::slow_body;
        upstream_.order(fault);
        last_ = std::make_unique<Visit>(visit());
        if (slow) last_->timeout = 150ms;
        auto answer = q.ask(*make(q.kind), *last_);
        upstream_.heal();
        return answer;
    }

    std::unique_ptr<Visit> last_;
};

bool of_connection(FaultKind kind) { return kind < FaultKind::empty && kind != FaultKind::status; }
bool of_body(FaultKind kind) { return kind >= FaultKind::empty && kind < FaultKind::frozen; }

TEST_F(FaultMatrix, ABrokenConnectionIsAnErrorOfItsKind) {
    const std::map<FaultKind, Errc> kExpected{
        {FaultKind::close, Errc::network},       {FaultKind::slow_headers, Errc::timeout},
        {FaultKind::slow_body, Errc::timeout},   {FaultKind::truncated, Errc::network},
        {FaultKind::endless, Errc::bad_payload}, {FaultKind::gzip_bomb, Errc::bad_payload},
        {FaultKind::redirect, Errc::http_status}};
    for (const Question& q : questions()) {
        for (const auto& [kind, expected] : kExpected) {
            SCOPED_TRACE(q.kind + " " + q.name + " " + std::string(fake::fault_name(kind)));
            ASSERT_TRUE(of_connection(kind));
            const std::int64_t amount = kind == FaultKind::slow_headers ? 1000
                                        : kind == FaultKind::slow_body  ? 100
                                                                        : 3;

            const auto answer = asked_under(q, {.kind = kind, .amount = amount});

            ASSERT_FALSE(answer) << *answer;
            EXPECT_EQ(answer.error().code, expected) << answer.error().what;
        }
    }
}

TEST_F(FaultMatrix, AStatusOtherThan200IsAnErrorThatSaysWhen) {
    for (const Question& q : questions()) {
        for (const int status : {304, 401, 403, 404, 418, 429, 500, 503}) {
            SCOPED_TRACE(q.kind + " " + q.name + " " + std::to_string(status));

            const auto answer =
                asked_under(q, {.kind = FaultKind::status, .amount = status, .retry_after = "90"});

            if (q.kind == "esplora" && q.name == "blocks" && status == 404) {
                EXPECT_EQ(answer, "") << "that is how it says: above the tip";
                continue;
            }
            ASSERT_FALSE(answer);
            EXPECT_EQ(answer.error().code, Errc::http_status);
            EXPECT_EQ(last_->status, status);
            EXPECT_EQ(last_->retry_after, 90s);
            EXPECT_THAT(answer.error().what, testing::HasSubstr(std::to_string(status)));
        }
    }
}

TEST_F(FaultMatrix, ADamagedBodyIsRefusedOrReadsTheSame) {
    for (const Question& q : questions()) {
        Visit calm = visit();
        const auto undisturbed = q.ask(*make(q.kind), calm);
        ASSERT_TRUE(undisturbed) << q.kind << " " << q.name << undisturbed.error().what;
        for (const FaultKind kind : fake::all_faults()) {
            if (!of_body(kind)) continue;
            // a height in plain digits that is cut and sent as if it were whole is another height
            if (q.name == "tip" && kind == FaultKind::cut) continue;
            SCOPED_TRACE(q.kind + " " + q.name + " " + std::string(fake::fault_name(kind)));

            const auto answer = asked_under(q, {.kind = kind, .amount = 40});

            if (answer) {
                EXPECT_EQ(*answer, *undisturbed);
            } else {
                EXPECT_EQ(answer.error().what.find('\n'), std::string::npos);
                const bool refused = answer.error().code == Errc::bad_payload ||
                                     answer.error().code == Errc::out_of_range;
                EXPECT_TRUE(refused) << answer.error().what;
                EXPECT_EQ(last_->refused_body.empty(), kind == FaultKind::empty);
            }
        }
    }
}

TEST_F(FaultMatrix, AnotherNetworksBlocksAreRefused) {
    for (const Question& q : questions()) {
        if (q.name != "blocks" && q.name != "epochs" && q.name != "node_tip") continue;
        SCOPED_TRACE(q.kind + " " + q.name);

        const auto answer = asked_under(q, {.kind = FaultKind::wrong_chain});

        ASSERT_FALSE(answer) << *answer;
        EXPECT_EQ(answer.error().code, Errc::out_of_range);
    }
}

}  // namespace
}  // namespace hashprice::ingest
