#pragma once
#include <string>
#include <string_view>

#include "domain/printable.hpp"

namespace hashprice::config {

/// Where a value was set.
struct Origin {
    enum class Layer { built_in, file, environment, command_line };
    Layer layer = Layer::built_in;
    std::string where;  ///< path of the file, name of the variable or of the option
    int line = 0;       ///< of a file, from 1
    int column = 0;

    /// "hashprice.toml:3:9", "HASHPRICE_HTTP_LISTEN", "--listen", "built-in default"
    [[nodiscard]] std::string exact() const;
    /// The same without the column.
    [[nodiscard]] std::string brief() const;
    friend bool operator==(const Origin&, const Origin&) = default;
};

/// Something the operator has to change: one line, where it is and what to do.
struct Problem {
    Origin origin;
    std::string what;
    [[nodiscard]] std::string text() const { return origin.exact() + ": " + what; }
};

using domain::printable;

}  // namespace hashprice::config
