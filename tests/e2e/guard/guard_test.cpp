#include <gmock/gmock.h>

#include "tests/e2e/hashprice.hpp"

/// quarantine and retract, by the real binary.
namespace hashprice::test {
namespace {

using testing::HasSubstr;
using testing::Not;

/// The close of 2025-11-15 from the starter history (METHOD's golden table).
constexpr const char* kGolden = "39.6768";

class Guard : public testing::Test {
protected:
    Guard() { (void)house.output({"status"}); }
    [[nodiscard]] std::string day() const {
        return house.output(
            {"query", "--from", "2025-11-15", "--to", "2025-11-16", "--step", "1d"});
    }
    /// Imports blocks; what they say of 923800 contradicts what was there before.
    void import(const std::string& name, const std::string& csv, int status) const {
        const Outcome outcome =
            house.run({"import", house.dir.write(name + ".csv", csv), "--source", name});
        EXPECT_EQ(outcome.status, status) << outcome.err;
    }
    Installation house;
};

constexpr const char* kHeader = "height,time_s,bits_hex,fee_sat\n";

TEST_F(Guard, RetractTakesTheStarterHistoryOutOfUseAndUndoBringsItBack) {
    EXPECT_THAT(day(), HasSubstr(kGolden));

    const Outcome retracted =
        house.run({"retract", "--source", "starter", "--from", "2025-11-15", "--to", "2025-11-16"});
    EXPECT_EQ(retracted.status, 0) << retracted.err;
    EXPECT_THAT(retracted.err, HasSubstr("2 facts of starter taken out of use"));
    EXPECT_THAT(day(), Not(HasSubstr(kGolden)));
    EXPECT_THAT(house.output({"retract", "--list"}),
                HasSubstr("2025-11-15T00:00:00Z to 2025-11-16T00:00:00Z"));
    EXPECT_THAT(house.output({"retract", "--list", "--json"}),
                HasSubstr(R"("source":"starter","from":"2025-11-15T00:00:00Z")"));

    const Outcome undone = house.run(
        {"retract", "--undo", "--source", "starter", "--from", "2025-11-15", "--to", "2025-11-16"});
    EXPECT_EQ(undone.status, 0) << undone.err;
    EXPECT_THAT(day(), HasSubstr(kGolden));
    EXPECT_EQ(house.output({"retract", "--list"}), "nothing is retracted\n");
}

TEST_F(Guard, WhatContradictsIsListedReleasedAndRejectedOnce) {
    import("first", std::string(kHeader) + "923800,1763250959,0x1701d936,1806451\n", 0);
    import("second", std::string(kHeader) + "923800,1763250959,0x1701d936,9\n", 3);
    import("third", std::string(kHeader) + "923800,1763250959,0x1701d936,8\n", 3);

    const std::string list = house.output({"quarantine", "list"});
    EXPECT_THAT(list, HasSubstr("block 923800"));
    EXPECT_THAT(list, HasSubstr("fees of 9 sat contradict the stored 1806451"));
    const std::string json = house.output({"quarantine", "list", "--json"});
    EXPECT_THAT(json, HasSubstr(R"("source":"second","kind":"block","state":"pending")"));
    EXPECT_THAT(json, HasSubstr(R"("height":923800)"));

    EXPECT_EQ(house.run({"quarantine", "release", "1"}).status, 0);
    EXPECT_EQ(house.run({"quarantine", "reject", "2"}).status, 0);
    EXPECT_EQ(house.output({"quarantine", "list"}), "nothing is in quarantine\n");
    EXPECT_THAT(house.output({"quarantine", "list", "--state", "all"}), HasSubstr("released"));
    EXPECT_EQ(house.run({"quarantine", "release", "2"}).status, 2);
    // the third now contradicts the second, which is in use: the same refusal is another case
    import("third", std::string(kHeader) + "923800,1763250959,0x1701d936,8\n", 3);
    EXPECT_THAT(house.output({"quarantine", "list"}),
                HasSubstr("fees of 8 sat contradict the stored 9"));
}

TEST_F(Guard, WrongCallsAreNamed) {
    EXPECT_EQ(house.run({"quarantine", "release"}).status, 2);
    EXPECT_EQ(house.run({"quarantine", "release", "first"}).status, 2);
    EXPECT_EQ(house.run({"quarantine", "reject", "77"}).status, 1);
    EXPECT_EQ(house.run({"quarantine", "list", "--state", "odd"}).status, 2);
    EXPECT_EQ(house.run({"retract"}).status, 2);
    EXPECT_EQ(house.run({"retract", "--source", "starter"}).status, 2);
    const Outcome unknown = house.run({"retract", "--source", "mtgox", "--from", "2025-11-15"});
    EXPECT_EQ(unknown.status, 2);
    EXPECT_THAT(unknown.err, HasSubstr("mtgox"));
    EXPECT_EQ(
        house.run({"retract", "--source", "starter", "--from", "2025-11-16", "--to", "2025-11-15"})
            .status,
        2);
}

}  // namespace
}  // namespace hashprice::test
