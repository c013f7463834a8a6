#include "package_roots.hpp"

#include "mirror_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cogbuild::apt {

namespace {

// What a snapshot calls the archive; empty: it keeps no such archive.
std::string_view snapshot_name(const lock::LockedArchive& archive) {
  if (archive.label == "Debian-Security") return "debian-security";
  if (archive.origin == "Debian") return "debian";
  if (archive.origin == "Ubuntu") return "ubuntu";
  return {};
}

// `20260711T101637Z` of `2026-07-11T10:16:37Z`; empty for what is no such time.
std::string snapshot_time(std::string_view rfc3339) {
  std::string time;
  for (const char c : rfc3339)
    if (c != '-' && c != ':') time += c;
  constexpr std::size_t kLength = 16;
  const bool fits = time.size() == kLength && time[8] == 'T' && time.back() == 'Z';
  return fits ? time : std::string();
}

bool is_same_root(const url::Url& a, const url::Url& b) {
  const auto path = [](const url::Url& root) {
    std::string_view text = root.path;
    while (text.ends_with('/')) text.remove_suffix(1);
    return text;
  };
  return a.same_origin(b) && path(a) == path(b);
}

class Roots {
 public:
  explicit Roots(const std::vector<debian::Source>& sources) : sources_(sources) {}

  void add(url::Url root) {
    if (!root.has_credentials()) lend_credentials(root);
    if (std::ranges::none_of(roots_,
                             [&](const url::Url& known) { return is_same_root(known, root); }))
      roots_.push_back(std::move(root));
  }
  std::vector<url::Url> take() { return std::move(roots_); }

 private:
  void lend_credentials(url::Url& root) const {
    for (const auto& source : sources_) {
      if (!source.uri.has_credentials() || !source.uri.same_origin(root)) continue;
      root.username = source.uri.username;
      root.password = source.uri.password;
      return;
    }
  }

  const std::vector<debian::Source>& sources_;
  std::vector<url::Url> roots_{};
};

}  // namespace

Result<std::vector<url::Url>> package_roots(const lock::LockedArchive& archive,
                                            const Mirrors& mirrors) {
  Roots roots(mirrors.sources.sources);
  for (const auto& source : mirrors.sources.sources)
    if (source.suite == archive.codename) roots.add(source.uri);
  auto locked = url::parse(archive.uri);
  if (!locked)
    return fail(
        Error(ErrorKind::config, fmt::format("the lock has no usable root of the archive `{}`: {}",
                                             archive.codename, locked.error().message())));
  roots.add(*std::move(locked));
  const auto name = snapshot_name(archive);
  const auto time = snapshot_time(archive.date);
  if (!mirrors.snapshot.empty() && !name.empty() && !time.empty()) {
    auto snapshot = url::parse(mirrors.snapshot);
    if (!snapshot)
      return fail(Error(ErrorKind::config,
                        fmt::format("the snapshot's URL is none: {}", snapshot.error().message())));
    roots.add(below(*snapshot, fmt::format("{}/{}", name, time)));
  }
  return roots.take();
}

}  // namespace cogbuild::apt
