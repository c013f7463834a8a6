#include <cogbuild/plan/plan_system.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace cogbuild::plan {

namespace {

struct Source {
  std::string name{};
  std::uint64_t bytes = 0;
  std::vector<lock::LockedDeb> packages{};
};

std::vector<Source> by_source(std::vector<lock::LockedDeb> packages) {
  std::map<std::string, Source> sources;
  for (auto& package : packages) {
    Source& source = sources[package.source];
    source.name = package.source;
    source.bytes += package.size_bytes;
    source.packages.push_back(std::move(package));
  }
  std::vector<Source> list;
  for (auto& [name, source] : sources) list.push_back(std::move(source));
  std::ranges::sort(list, [](const Source& a, const Source& b) {
    return std::tie(b.bytes, a.name) < std::tie(a.bytes, b.name);
  });
  return list;
}

void sort_by_name(std::vector<lock::LockedDeb>& packages) {
  std::ranges::sort(packages, [](const lock::LockedDeb& a, const lock::LockedDeb& b) {
    return std::tie(a.name, a.architecture) < std::tie(b.name, b.architecture);
  });
}

std::string title_of(const std::vector<lock::LockedDeb>& packages) {
  if (packages.size() == 1)
    return fmt::format("{} {}", packages.front().name, packages.front().version);
  return fmt::format("{} packages", packages.size());
}

}  // namespace

std::vector<DebGroup> group_debs(std::vector<lock::LockedDeb> packages, std::size_t max_groups) {
  auto sources = by_source(std::move(packages));
  std::vector<DebGroup> groups;
  DebGroup rest;
  for (auto& source : sources) {
    sort_by_name(source.packages);
    if (source.bytes >= kLargeSourceBytes && groups.size() + 1 < max_groups) {
      const std::string title =
          source.packages.size() == 1
              ? title_of(source.packages)
              : fmt::format("{} ({})", source.name, title_of(source.packages));
      groups.push_back({.title = title, .packages = std::move(source.packages)});
      continue;
    }
    rest.packages.insert(rest.packages.end(), source.packages.begin(), source.packages.end());
  }
  if (rest.packages.empty()) return groups;
  sort_by_name(rest.packages);
  rest.title = title_of(rest.packages);
  groups.push_back(std::move(rest));
  return groups;
}

}  // namespace cogbuild::plan
