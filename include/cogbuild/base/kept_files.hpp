#pragma once

#include <string_view>

namespace cogbuild::base {

// The files of a base whose content its summary keeps: what choosing and configuring packages on it
// reads (dpkg's status and diversions, alternatives, passwd and group, ld.so.conf and ld.so.cache,
// apt's sources and keys). `path` is canonical, without leading slash.
bool is_kept_file(std::string_view path);

// A file that is larger is left out.
inline constexpr std::size_t kKeptFileLimitBytes = std::size_t{8} << 20U;

}  // namespace cogbuild::base
