#include "service/cli/numbers.hpp"

#include <fmt/format.h>

#include <charconv>

#include "service/cli/command.hpp"

namespace hashprice::service::cli {

domain::Result<std::vector<std::int64_t>> numbers_of(const Arguments& arguments,
                                                     const std::string& name,
                                                     std::string_view lister) {
    std::vector<std::int64_t> numbers;
    for (const std::string& text : arguments.list(name)) {
        std::int64_t number = 0;
        const char* end = text.data() + text.size();
        const auto [read, error] = std::from_chars(text.data(), end, number);
        if (error != std::errc{} || read != end) {
            return domain::fail(domain::Errc::usage,
                                fmt::format("'{}' is no number from `hashprice {}`", text, lister));
        }
        numbers.push_back(number);
    }
    return numbers;
}

}  // namespace hashprice::service::cli
