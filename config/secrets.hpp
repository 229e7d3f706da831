#pragma once
#include "config/layers.hpp"

namespace hashprice::config {

/// A file's bytes.   errors  missing, unreadable, a directory, or over `largest` -> Errc::config
domain::Result<std::string> read_bounded(const Path& file, std::size_t largest);

/// Reads the file of each *_file key whose secret did not come from the environment; line ends at
/// its end are dropped. Sources that are off are left alone.
///
///   errors    missing, empty or not one printable line -> a problem that names file and key
///   warnings  a file that everybody on the machine may read is used, and said so
void read_secrets(Drafts& drafts, Problems& problems, std::vector<std::string>& warnings);

}  // namespace hashprice::config
