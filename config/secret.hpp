#pragma once
#include <fmt/core.h>

#include <ostream>
#include <string>
#include <utility>

namespace hashprice::config {

/// A token, password or key: a value that no log, error or answer can print by accident.
///
///   printing  operator<< and fmt give "***", or "" when there is none
///   reading   reveal(), and nothing else: searching for that word finds every use
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string text) : text_(std::move(text)) {}

    [[nodiscard]] bool empty() const { return text_.empty(); }
    [[nodiscard]] const std::string& reveal() const { return text_; }
    [[nodiscard]] const char* masked() const { return empty() ? "" : "***"; }

    friend bool operator==(const Secret&, const Secret&) = default;
    friend std::ostream& operator<<(std::ostream& out, const Secret& secret) {
        return out << secret.masked();
    }

private:
    std::string text_;
};

}  // namespace hashprice::config

template <>
struct fmt::formatter<hashprice::config::Secret> {
    constexpr auto parse(format_parse_context& context) { return context.begin(); }
    template <class Context>
    auto format(const hashprice::config::Secret& secret, Context& context) const {
        return fmt::format_to(context.out(), "{}", secret.masked());
    }
};
