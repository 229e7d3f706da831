#include <exception>
#include <iostream>

#include "service/app/program.hpp"

int main(int argc, char** argv, char** environment) {
    try {
        return hashprice::service::app::run_program(argc, argv, environment);
    } catch (const std::exception& e) {
        std::cerr << "hashprice: this should not have happened: " << e.what() << '\n';
        return 1;
    }
}
