#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "config/draft.hpp"
#include "config/environment.hpp"

/// The layers that are put over the defaults, each by the same rules: a later one wins.
///
///   errors  appended to `problems`; what is wrong leaves its key as it was
namespace hashprice::config {

using Problems = std::vector<Problem>;

/// One key named on the command line, as text: {"--listen", "http", "listen", "0.0.0.0:80"}.
struct Override {
    std::string option;
    std::string section;
    std::string key;
    std::string text;
};

/// The text of a TOML file; `path` is how messages call it, relative paths in it are relative to
/// its directory.
void apply_file(Drafts& drafts, const std::string& path, std::string_view content,
                const Environment& environment, Problems& problems);
void apply_environment(Drafts& drafts, const Environment& environment, Problems& problems);
void apply_overrides(Drafts& drafts, const std::vector<Override>& overrides,
                     const Environment& environment, Problems& problems);

/// Checks the text of a file before the parser sees it: no size or nesting that could hurt.
///
///   returns  no problem, or one
///   source   the parser and its tables work recursively; measured, 16,000 levels fit a stack of
///            8 MB, and these bounds allow half of them
Problems check_shape(const std::string& path, std::string_view content);

/// Where a table of a name is, or a fresh one; nullptr and a problem when there are too many.
Draft* find_or_append(Drafts& drafts, const Section& section, const std::string& name,
                      const Origin& origin, Problems& problems);

}  // namespace hashprice::config
