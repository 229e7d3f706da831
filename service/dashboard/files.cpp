#include "service/dashboard/files.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hashprice::service::dashboard {

const File* find(std::string_view name) {
    const auto found = std::ranges::find(files(), name, &File::name);
    return found == files().end() ? nullptr : &*found;
}

std::string_view media_type_of(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kTypes{
        {{".html", "text/html; charset=utf-8"},
         {".css", "text/css; charset=utf-8"},
         {".js", "text/javascript; charset=utf-8"},
         {".svg", "image/svg+xml"}}};
    for (const auto& [ending, type] : kTypes) {
        if (name.ends_with(ending)) return type;
    }
    return "application/octet-stream";
}

}  // namespace hashprice::service::dashboard
