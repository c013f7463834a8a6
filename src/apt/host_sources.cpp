#include "apt_files.hpp"
#include "distribution.hpp"

#include <cogbuild/apt/host_sources.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace cogbuild::apt {

namespace {

constexpr std::string_view kHint =
    "name the archive yourself: `debian.sources` in cogbuild.yaml takes lines as of sources.list";

Error none_for(std::string_view suite, std::string_view why) {
  return Error(ErrorKind::not_found,
               fmt::format("apt of this host has no sources for `{}`: {}", suite, why))
      .hint(std::string(kHint));
}

std::optional<Distribution> distribution_of(const Files& files) {
  for (const char* path : {"etc/os-release", "usr/lib/os-release"})
    if (const auto file = files.find(path); file != files.end())
      return parse_os_release(file->second);
  return std::nullopt;
}

// Others sign with keys of their own, or trust whatever key the root trusts, in folders of their
// own.
bool is_of_distribution(const debian::Source& source) {
  constexpr std::array<std::string_view, 5> kFolders = {"debian", "debian-security", "ubuntu",
                                                        "ubuntu-ports", "debian-archive"};
  const debian::SignedBy& by = source.signed_by;
  if (!by.key_block.empty() || !by.fingerprints.empty()) return false;
  if (!by.keyrings.empty())
    return std::ranges::all_of(by.keyrings,
                               [](const auto& path) { return is_distribution_keyring(path); });
  std::string_view path = source.uri.path;
  while (path.ends_with('/')) path.remove_suffix(1);
  const auto folder = path.substr(path.rfind('/') + 1);
  return std::ranges::find(kFolders, folder) != kFolders.end();
}

// Debian's own packages are in `main`, most of Ubuntu's in `universe`.
std::vector<std::string> wanted_components(const debian::Source& source, const Distribution& host) {
  std::vector<std::string> wanted;
  for (const std::string& component : source.components)
    if (component == "main" || (host.id == "ubuntu" && component == "universe"))
      wanted.push_back(component);
  return wanted;
}

// One source for each suite: a second mirror has nothing else to offer.
void add(std::vector<debian::Source>& sources, debian::Source source) {
  const auto known = std::ranges::find(sources, source.suite, &debian::Source::suite);
  if (known == sources.end()) {
    sources.push_back(std::move(source));
  } else if (known->uri == source.uri) {
    for (auto& component : source.components)
      if (std::ranges::find(known->components, component) == known->components.end())
        known->components.push_back(std::move(component));
  }
}

bool names_keyring(const std::vector<debian::Source>& sources, const std::string& path) {
  return std::ranges::any_of(sources, [&path](const debian::Source& source) {
    return std::ranges::any_of(source.signed_by.keyrings, [&path](const std::string& keyring) {
      return key_of(keyring) == path;
    });
  });
}

}  // namespace

Result<SourceSet> host_sources(std::string_view suite, const std::filesystem::path& root) {
  Files files = read_apt_files(root);
  const auto host = distribution_of(files);
  if (!host) return fail(none_for(suite, "it is neither Debian nor Ubuntu"));
  if (const auto id = distribution_of_suite(suite); !id.empty() && id != host->id)
    return fail(none_for(suite, fmt::format("that is a suite of {}, this is {}", id, host->id)));

  auto found = sources_in(files);
  SourceSet set{.origin = "apt of this host"};
  for (debian::Source& source : found.sources) {
    const std::string own_suite = source.suite;
    const auto suffix = suffix_of_suite(own_suite, *host);
    if (!suffix || !is_of_distribution(source)) continue;
    if (!suffix->empty() && is_rolling(suite)) continue;
    source.components = wanted_components(source, *host);
    if (source.components.empty()) continue;
    source.suite = fmt::format("{}{}", suite, *suffix);
    // The archive has every architecture, whichever this machine wants.
    if (host->id == "debian") {
      source.architectures.clear();
      source.excluded_architectures.clear();
    }
    if (suffix == "-updates") set.dispensable_suites.insert(source.suite);
    add(set.sources, std::move(source));
  }
  // A suite that only gets additions here is not one.
  if (std::ranges::find(set.sources, suite, &debian::Source::suite) == set.sources.end()) {
    auto error = none_for(suite, fmt::format("none of {} {} itself", host->id, host->codename));
    for (auto& unreadable : found.errors) error = std::move(error).also(std::move(unreadable));
    return fail(std::move(error));
  }
  read_named_keyrings(set.sources, root, files);
  for (auto& [path, content] : files)
    if (is_distribution_keyring(path) || names_keyring(set.sources, path))
      set.keyrings.emplace(path, std::move(content));
  return set;
}

Result<SourceSet> base_sources(const std::map<std::string, std::string>& files) {
  auto found = sources_in(files);
  if (!found.errors.empty())
    return fail(std::move(found.errors.front()).during("reading the apt sources of the base"));
  SourceSet set{.sources = std::move(found.sources), .origin = "apt of the base"};
  // They mean files of the base, and must not be looked for on this machine.
  std::erase_if(set.sources, [](const auto& source) { return source.uri.scheme == "file"; });
  for (const auto& [path, content] : files)
    if (is_trusted_keyring(path) || is_distribution_keyring(path) ||
        names_keyring(set.sources, path))
      set.keyrings.emplace(path, content);
  return set;
}

}  // namespace cogbuild::apt
