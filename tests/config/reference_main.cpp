#include <iostream>
#include <string_view>

#include "config/reference.hpp"

// Writes what config/hashprice.example.toml and the tables of docs/configuration.md must be:
//   config_reference example > config/hashprice.example.toml
//   config_reference http
int main(int argc, char** argv) {
    const std::string_view what = argc == 2 ? argv[1] : "";
    if (what == "example") {
        std::cout << hashprice::config::example_toml();
        return 0;
    }
    if (const auto* section = hashprice::config::find_section(what)) {
        std::cout << hashprice::config::reference_table(*section);
        return 0;
    }
    std::cerr << "usage: config_reference example | SECTION\n";
    return 2;
}
