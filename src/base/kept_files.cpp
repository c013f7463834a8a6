#include <cogbuild/base/kept_files.hpp>

#include <algorithm>
#include <array>

namespace cogbuild::base {

namespace {

constexpr std::array<std::string_view, 11> kFiles = {
    "etc/group",
    "etc/gshadow",
    "etc/ld.so.cache",
    "etc/ld.so.conf",
    "etc/passwd",
    "etc/shadow",
    "etc/apt/sources.list",
    "etc/ca-certificates.conf",
    "etc/ssl/certs/ca-certificates.crt",
    "var/lib/dpkg/diversions",
    "var/lib/dpkg/status",
};

// Every file right in one of these.
constexpr std::array<std::string_view, 7> kDirectories = {
    "etc/apt/sources.list.d/", "etc/apt/trusted.gpg.d/",     "etc/ld.so.conf.d/",
    "usr/share/keyrings/",     "var/lib/dpkg/alternatives/", "var/lib/dpkg/status.d/",
    "var/lib/dpkg/triggers/",
};

}  // namespace

bool is_kept_file(std::string_view path) {
  if (std::ranges::find(kFiles, path) != kFiles.end()) return true;
  return std::ranges::any_of(kDirectories, [path](std::string_view directory) {
    return path.starts_with(directory) &&
           path.find('/', directory.size()) == std::string_view::npos;
  });
}

}  // namespace cogbuild::base
