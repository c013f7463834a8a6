#include "in_parallel.hpp"
#include "mirror_files.hpp"
#include "package_roots.hpp"

#include <cogbuild/apt/fetch_packages.hpp>
#include <cogbuild/fetch/fetch.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace cogbuild::apt {

namespace {

constexpr std::size_t kMostAtOnce = 8;

std::string name_of(const lock::LockedDeb& package) {
  return fmt::format("`{}` {} ({})", package.name, package.version, package.architecture);
}

// A root that may turn out to be out of reach while packages are fetched.
struct Root {
  url::Url url{};
  std::atomic<bool> is_down{false};
};
using RootList = std::vector<std::shared_ptr<Root>>;

// The roots of every archive by its codename. One root is one value, however many archives have it.
Result<std::map<std::string, RootList>> roots_by_archive(
    std::span<const lock::LockedArchive> archives, const Mirrors& mirrors) {
  std::map<std::string, std::shared_ptr<Root>> known;
  std::map<std::string, RootList> roots;
  for (const auto& archive : archives) {
    TRY_ASSIGN(auto urls, package_roots(archive, mirrors));
    for (auto& url : urls) {
      auto& root = known[url::to_string(url)];
      if (!root) {
        root = std::make_shared<Root>();
        root->url = std::move(url);
      }
      roots[archive.codename].push_back(root);
    }
  }
  return roots;
}

// Those that failed lately come last: each would cost its retries again.
RootList in_order(RootList roots) {
  std::ranges::stable_partition(roots, [](const auto& root) { return !root->is_down; });
  return roots;
}

bool climbs_out(std::string_view path) {
  while (!path.empty()) {
    const auto end = std::min(path.find('/'), path.size());
    if (path.substr(0, end) == "..") return true;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return false;
}

// Error not_found: no root has it.
Result<void> fetch_package(const lock::LockedDeb& package, const RootList& roots,
                           const fetch::Services& services) {
  std::optional<Error> unreachable;
  for (const auto& root : in_order(roots)) {
    const auto file = below(root->url, package.path);
    auto fetched = fetch::fetch({.label = file.file_name(),
                                 .location = url::to_string(file),
                                 .username = file.username,
                                 .password = file.password,
                                 .digest = package.digest,
                                 .size_bytes = package.size_bytes},
                                services);
    if (fetched) return {};
    switch (fetched.error().kind()) {
      case ErrorKind::not_found:
        break;
      case ErrorKind::network:
      case ErrorKind::auth:
        root->is_down = true;
        if (!unreachable) unreachable = std::move(fetched).error();
        break;
      default:
        return fail(std::move(fetched).error());
    }
  }
  if (unreachable) return fail(*std::move(unreachable));
  return fail(Error(ErrorKind::not_found, name_of(package)));
}

// Those that the store does not have, each content once.
Result<std::vector<const lock::LockedDeb*>> missing_packages(
    std::span<const lock::LockedDeb> packages, const store::BlobStore& blobs) {
  std::set<digest::Digest> seen;
  std::vector<const lock::LockedDeb*> missing;
  for (const auto& package : packages) {
    if (!seen.insert(package.digest).second) continue;
    TRY_ASSIGN(const bool there, blobs.contains(package.digest));
    if (!there) missing.push_back(&package);
  }
  return missing;
}

Error listing(ErrorKind kind, std::string message, const std::vector<std::string>& names) {
  Error error(kind, std::move(message));
  for (const auto& name : names) error = std::move(error).tell(name);
  return error;
}

std::string counted(std::size_t count) {
  return fmt::format("{} package{}", count, count == 1 ? "" : "s");
}

Error gone(const std::vector<std::string>& names, const Mirrors& mirrors) {
  auto error =
      listing(ErrorKind::not_found,
              fmt::format("{} of the lock {} gone from every mirror:", counted(names.size()),
                          names.size() == 1 ? "is" : "are"),
              names);
  if (mirrors.snapshot.empty())
    error = std::move(error).hint(
        "a snapshot of the archive keeps what was replaced: name one with `debian.snapshot` in "
        "cogbuild.yaml");
  return std::move(error).hint("or choose packages anew: run cogbuild lock");
}

Result<void> check_offline(const std::vector<const lock::LockedDeb*>& missing,
                           const std::map<std::string, RootList>& roots, const Services& services) {
  if (!services.offline) return {};
  std::vector<std::string> names;
  for (const auto* package : missing) {
    const auto& places = roots.at(package->archive);
    const bool is_local =
        std::ranges::any_of(places, [](const auto& root) { return root->url.scheme == "file"; });
    if (!is_local) names.push_back(name_of(*package));
  }
  if (names.empty()) return {};
  return fail(listing(ErrorKind::network,
                      fmt::format("{} {} not in the cache, and --offline forbids to fetch {}:",
                                  counted(names.size()), names.size() == 1 ? "is" : "are",
                                  names.size() == 1 ? "it" : "them"),
                      names)
                  .hint("run it once without --offline"));
}

Result<void> check_lock(const std::vector<const lock::LockedDeb*>& packages,
                        const std::map<std::string, RootList>& roots) {
  for (const auto* package : packages) {
    if (!roots.contains(package->archive))
      return fail(Error(ErrorKind::config,
                        fmt::format("the lock takes {} from the archive `{}`, which it does not "
                                    "describe",
                                    name_of(*package), package->archive)));
    if (climbs_out(package->path))
      return fail(
          Error(ErrorKind::config, fmt::format("the lock has {} outside of its archive: `{}`",
                                               name_of(*package), package->path)));
  }
  return {};
}

}  // namespace

Result<void> fetch_packages(std::span<const lock::LockedDeb> packages,
                            std::span<const lock::LockedArchive> archives, const Mirrors& mirrors,
                            const Services& services) {
  TRY_ASSIGN(const auto missing, missing_packages(packages, services.blobs));
  if (missing.empty()) return {};
  TRY_ASSIGN(const auto roots, roots_by_archive(archives, mirrors));
  TRY(check_lock(missing, roots));
  TRY(check_offline(missing, roots, services));

  const fetch::Services fetching{services.http, services.blobs, services.clock, services.reporter,
                                 services.offline};
  std::vector<std::optional<Error>> errors(missing.size());
  in_parallel(missing.size(), kMostAtOnce, [&](std::size_t i) {
    auto fetched = fetch_package(*missing[i], roots.at(missing[i]->archive), fetching);
    if (!fetched) errors[i] = std::move(fetched).error();
  });

  std::vector<std::string> names;
  for (auto& error : errors) {
    if (!error || error->kind() != ErrorKind::not_found) continue;
    names.push_back(error->message());
    error.reset();
  }
  if (!names.empty()) errors.emplace_back(gone(names, mirrors));
  if (auto error = first_with_others(std::move(errors))) return fail(*std::move(error));
  return {};
}

}  // namespace cogbuild::apt
