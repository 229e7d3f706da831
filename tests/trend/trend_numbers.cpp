// Reads series from standard input, one a line, as "day:value day:value ...", and prints what our
// statistics say of each as one line of JSON. agreement.py compares that with scipy.
#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <iostream>
#include <sstream>
#include <string>

#include "trend/mann_kendall.hpp"
#include "trend/theil_sen.hpp"

namespace {

struct Points {
    std::vector<double> x;
    std::vector<double> logs;
};

Points parse(const std::string& line) {
    Points points;
    std::istringstream in(line);
    in.imbue(std::locale::classic());
    double day = 0;
    double value = 0;
    char colon = 0;
    while (in >> day >> colon >> value) {
        points.x.push_back(day);
        points.logs.push_back(std::log(value));
    }
    return points;
}

}  // namespace

int main() {
    for (std::string line; std::getline(std::cin, line);) {
        const Points points = parse(line);
        const auto slope = hashprice::trend::theil_sen(points.x, points.logs);
        if (!slope) {
            std::puts("null");
            continue;
        }
        const auto test = hashprice::trend::significance_of(points.x, points.logs, slope->slope);
        fmt::print(
            R"({{"slope":{:.17g},"low":{:.17g},"high":{:.17g},"s":{},"tau":{:.17g},)"
            R"("plain_z":{:.17g},"factor":{:.17g},"z":{:.17g},"p":{:.17g},"significant":{}}})"
            "\n",
            slope->slope, slope->low, slope->high, test.s, test.tau, test.plain_z, test.factor,
            test.z, test.p, test.significant);
    }
    return 0;
}
