# cmake -DOUT=files.cpp -DFILES="name=path;..." -P embed.cmake
#
# Writes the dashboard's files into a C++ source. All of them together make the version, which
# stands in the path that they are served under: whatever changes, no browser uses an old file.
set(rows "")
set(all "")
foreach(entry IN LISTS FILES)
    string(REGEX MATCH "^([^=]+)=(.+)$" parsed "${entry}")
    set(name "${CMAKE_MATCH_1}")
    file(READ "${CMAKE_MATCH_2}" text)
    string(REGEX REPLACE "\n//# sourceMappingURL=[^\n]*" "" text "${text}")
    string(REGEX REPLACE "\n/\\*# sourceMappingURL=[^\n]*" "" text "${text}")
    string(APPEND all "${name}\n${text}")
    string(APPEND rows "    {\"${name}\", R\"dashboard(${text})dashboard\"},\n")
endforeach()
string(SHA256 version "${all}")
string(SUBSTRING "${version}" 0 16 version)
string(REPLACE "@VERSION@" "${version}" rows "${rows}")

file(WRITE "${OUT}" "// Made by service/dashboard/embed.cmake.
#include \"service/dashboard/files.hpp\"

namespace hashprice::service::dashboard {
namespace {
constexpr File kFiles[] = {
${rows}};
}  // namespace

std::span<const File> files() { return kFiles; }
std::string_view version() { return \"${version}\"; }

}  // namespace hashprice::service::dashboard
")
