// The same answers over HTTP, and what the daemon leaves in the database.
#include "tests/e2e/hashprice.hpp"
#include "tests/e2e/json_answer.hpp"

namespace hashprice::test {
namespace {

class TrendHttp : public ::testing::Test {
protected:
    [[nodiscard]] HttpAnswer get(const std::string& target) const {
        return daemon.get("/api/v1/" + target);
    }
    void expect_problem(const std::string& target, int status, const std::string& word) const {
        SCOPED_TRACE(target);
        const HttpAnswer answer = get(target);
        EXPECT_EQ(answer.status, status);
        EXPECT_NE(answer.body.find(word), std::string::npos) << answer.body;
    }

    Installation installation;
    Daemon daemon{installation};
};

TEST_F(TrendHttp, AnswersWhatTheCommandsAnswer) {
    struct Question {
        std::string target;
        std::vector<std::string> command;
    };
    const std::string rule = "sustained-decline";
    for (const Question& q : {
             Question{"trend", {"trend"}},
             Question{"trend?time=2025-11-04", {"trend", "2025-11-04"}},
             Question{"declines?state=active", {"declines", "--state", "active"}},
             Question{"declines?from=2025-01-01&to=2025-06-01",
                      {"declines", "--from", "2025-01-01", "--to", "2025-06-01"}},
             Question{"attribution?from=2025-07-11&to=2025-11-04",
                      {"attribution", "--from", "2025-07-11", "--to", "2025-11-04"}},
             Question{"backtest?rule=" + rule + "&from=2025-07-01",
                      {"backtest", "--rule", rule, "--from", "2025-07-01"}},
             Question{"breakeven?efficiency_j_per_th=17.5&power_usd_per_mwh=60",
                      {"breakeven", "--efficiency", "17.5", "--power", "60"}},
             Question{"projection", {"projection"}},
             Question{"annotations?from=2025-07-01&to=2025-09-01",
                      {"annotate", "list", "--from", "2025-07-01", "--to", "2025-09-01"}},
         }) {
        SCOPED_TRACE(q.target);
        std::vector<std::string> command = q.command;
        command.emplace_back("--json");
        HttpAnswer answer = get(q.target);
        std::string printed = installation.output(command);
        if (answer.body + "\n" != printed) {  // the hour of an age may have turned in between
            answer = get(q.target);
            printed = installation.output(command);
        }
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.body + "\n", printed);
    }
}

// METHOD section 4
TEST_F(TrendHttp, BreakEvenIsTheTableOfTheMethod) {
    const JsonAnswer at_40(get("breakeven?usd_per_ph_day=40&efficiency_j_per_th=17.5").body);
    const JsonAnswer at_62(get("breakeven?usd_per_ph_day=62&efficiency_j_per_th=30.5").body);

    EXPECT_NEAR(at_40.number("/machine/breakeven_usd_per_mwh"), 95.2, 0.05);
    EXPECT_NEAR(at_62.number("/machine/breakeven_usd_per_mwh"), 84.7, 0.05);
}

TEST_F(TrendHttp, OneDeclineIsFoundByItsId) {
    const JsonAnswer decline(get("declines/sustained-decline-2025-07-11").body);

    EXPECT_EQ(decline.text("/state"), "active");
    EXPECT_EQ(decline.number("/history/0/time_s"), 1758499200);  // 2025-09-22
    EXPECT_EQ(decline.text("/history/0/state"), "pending");
}

TEST_F(TrendHttp, RefusalsNameTheParameter) {
    expect_problem("declines/sustained-decline-1999-01-01", 404, "there is no decline");
    expect_problem("backtest?rule=nope", 404, "no rule 'nope'");
    expect_problem("backtest", 400, "\"parameter\":\"rule\"");
    expect_problem("declines?state=gone", 400, "\"parameter\":\"state\"");
    expect_problem("declines?from=2025-02-01&to=2025-01-01", 400, "\"parameter\":\"to\"");
    expect_problem("attribution", 400, "\"parameter\":\"from\"");
    expect_problem("attribution?from=2025-08-07", 404, "no observation speaks for");
    expect_problem("breakeven?efficiency_j_per_th=0", 400, "\"parameter\":\"efficiency_j_per_th\"");
    expect_problem("breakeven?power_usd_per_mwh=nan", 400, "\"parameter\":\"power_usd_per_mwh\"");
    expect_problem("annotations?from=2025-02-01&to=2025-02-01", 400, "\"parameter\":\"to\"");
    expect_problem("trend?when=now", 400, "\"parameter\":\"when\"");
}

TEST_F(TrendHttp, TheDaemonRecordsWhatItSees) {
    ASSERT_TRUE(daemon.process.says("rules followed"));

    const JsonAnswer decline(get("declines/sustained-decline-2025-07-11").body);

    EXPECT_FALSE(decline.is_null("/history/0/recorded_at"));
    EXPECT_EQ(decline.size("/withdrawn"), 0U);
    EXPECT_FALSE(JsonAnswer(get("trend").body).is_null("/rules/0/recorded_at"));
}

}  // namespace
}  // namespace hashprice::test
