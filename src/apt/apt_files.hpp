#pragma once

#include <cogbuild/debian/sources.hpp>
#include <cogbuild/error/result.hpp>

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::apt {

// Contents of files of a root by path, without the leading slash.
using Files = std::map<std::string, std::string>;

// What apt reads of a root: its sources, its trusted keys, the distribution's keyrings and
// os-release. What is not there is left out, and what this user may not read (sources with
// passwords in them).
Files read_apt_files(const std::filesystem::path& root);

// Adds the keyrings that the sources name and that are not among the files yet, where they can be
// read.
void read_named_keyrings(const std::vector<debian::Source>& sources,
                         const std::filesystem::path& root, Files& files);

struct FoundSources {
  std::vector<debian::Source> sources{};  // enabled ones, in apt's order
  std::vector<Error> errors{};            // of the files that cannot be read as sources
};

// The sources of etc/apt/sources.list, then of etc/apt/sources.list.d by name.
FoundSources sources_in(const Files& files);

// True for etc/apt/trusted.gpg and the keyrings of etc/apt/trusted.gpg.d.
bool is_trusted_keyring(std::string_view path);
// True for the keyrings that distributions bring, by their names.
bool is_distribution_keyring(std::string_view path);

// `/a/b` as the files are called: `a/b`.
std::string key_of(std::string_view absolute_path);

}  // namespace cogbuild::apt
