#pragma once

#include <cogbuild/apt/archive.hpp>
#include <cogbuild/error/result.hpp>

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace cogbuild::apt {

// The sources of the host's own apt for a suite of its distribution (`trixie` on a host of
// bookworm, too), from `root`/etc/apt: sources of the distribution itself (its codename, -updates
// and -security, component main; of Ubuntu universe too), never those of others that the host has.
// Error: not_found, where the host has none or is of another distribution; its hint names
// `debian.sources` of cogbuild.yaml.
Result<SourceSet> host_sources(std::string_view suite, const std::filesystem::path& root = "/");

// The sources of a base from the contents of its files (etc/apt/…, keyrings), by path without
// leading slash; its file URIs are left out. None of the base's: an empty set. Errors: as
// debian::parse_sources_list.
Result<SourceSet> base_sources(const std::map<std::string, std::string>& files);

// The user's own: lines of apt's one-line form (`deb [signed-by=…] URI SUITE COMPONENT...`),
// `{suite}` standing for the suite that is asked for. Keyrings are read from this disk: the
// Signed-By of each, else the distribution's keyring of this host. `trusted=yes` is taken at its
// word. Errors: config, unsupported, not_found (a keyring).
Result<SourceSet> named_sources(std::span<const std::string> lines, std::string_view suite,
                                std::string_view origin, const std::filesystem::path& root = "/");

}  // namespace cogbuild::apt
