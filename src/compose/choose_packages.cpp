#include "apt_services.hpp"

#include <cogbuild/apt/archive.hpp>
#include <cogbuild/compose/choose_packages.hpp>
#include <cogbuild/debian/package_index.hpp>
#include <cogbuild/url/url.hpp>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace cogbuild::compose {

namespace {

constexpr std::string_view kStatusFile = "var/lib/dpkg/status";
constexpr std::string_view kStatusDirectory = "var/lib/dpkg/status.d/";

// The codename where the archive has one: a suite's name moves from release to release.
const std::string& name_of(const debian::Release& release) {
  return release.codename.empty() ? release.suite : release.codename;
}

lock::LockedArchive to_locked(const apt::Archive& archive) {
  return {.codename = name_of(archive.release),
          .origin = archive.release.origin,
          .label = archive.release.label,
          .uri = url::to_string(archive.source.uri),
          .date = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", archive.release.date)};
}

lock::LockedDeb to_locked(const debian::Package& package, const std::string& archive) {
  return {.name = std::string(package.name),
          .version = std::string(package.version),
          .architecture = std::string(package.architecture),
          .source = std::string(package.source),
          .archive = archive,
          .path = std::string(package.file_name),
          .size_bytes = package.size_bytes,
          .digest = package.sha256};
}

// A lock calls an archive by its codename; a second one of it, or one without, gets a number.
void name_apart(std::vector<lock::LockedArchive>& archives) {
  std::map<std::string, int> seen;
  for (auto& archive : archives) {
    if (archive.codename.empty()) archive.codename = "archive";
    const int count = ++seen[archive.codename];
    if (count > 1) archive.codename += fmt::format(".{}", count);
  }
}

// What a foreign base has installed; the lists own the texts of the packages.
struct Installed {
  std::vector<debian::PackageList> lists{};
  std::vector<debian::Package> packages{};

  void add(debian::PackageList list) {
    packages.insert(packages.end(), list.begin(), list.end());
    lists.push_back(std::move(list));
  }
};

Result<Installed> read_installed(const BaseFiles& files) {
  Installed installed;
  if (const auto status = files.find(std::string(kStatusFile)); status != files.end()) {
    TRY_ASSIGN(auto list, debian::parse_status(status->second, kStatusFile));
    installed.add(std::move(list));
  }
  for (auto file = files.lower_bound(std::string(kStatusDirectory));
       file != files.end() && file->first.starts_with(kStatusDirectory); ++file) {
    if (file->first.ends_with(".md5sums")) continue;
    TRY_ASSIGN(auto list,
               debian::parse_status(file->second, file->first, debian::StatusFile::one_each));
    installed.add(std::move(list));
  }
  if (installed.packages.empty())
    return fail(Error(ErrorKind::config, "the base image has no database of Debian packages")
                    .hint("system_packages need a base of Debian or Ubuntu"));
  return installed;
}

// Chooses one set of wishes after another, each beside what came before.
class Chooser {
 public:
  Chooser(const debian::PackageIndex& index, const std::vector<lock::LockedArchive>& archives,
          std::vector<debian::Package> installed, progress::Reporter& reporter)
      : index_(index), archives_(archives), installed_(std::move(installed)), reporter_(reporter) {}

  Result<std::vector<lock::LockedDeb>> choose(const std::vector<debian::Wish>& wishes) {
    std::vector<lock::LockedDeb> locked;
    if (wishes.empty()) return locked;
    TRY_ASSIGN(const auto choice,
               debian::choose({.index = index_, .installed = installed_, .wishes = wishes}));
    for (const auto& note : choice.notes) reporter_.note(note);
    for (const auto& warning : choice.warnings) reporter_.warn(warning);
    for (const auto& dropped : choice.dropped)
      reporter_.explain(fmt::format("{} was proposed and is not needed", dropped));
    for (const auto& [package, suite] : choice.packages) {
      locked.push_back(to_locked(*package, archives_[suite].codename));
      used_.insert(suite);
      std::erase_if(installed_, [&](const auto& old) { return old.name == package->name; });
      installed_.push_back(*package);
    }
    return locked;
  }

  [[nodiscard]] std::vector<lock::LockedArchive> used_archives() const {
    std::vector<lock::LockedArchive> used;
    for (const std::size_t suite : used_) used.push_back(archives_[suite]);
    std::ranges::sort(used, {}, &lock::LockedArchive::codename);
    return used;
  }

 private:
  const debian::PackageIndex& index_;
  const std::vector<lock::LockedArchive>& archives_;
  std::vector<debian::Package> installed_;
  progress::Reporter& reporter_;
  std::set<std::size_t> used_{};
};

std::vector<std::string> names_of(const std::vector<debian::Wish>& wishes) {
  std::vector<std::string> names;
  for (const auto& wish : wishes) names.push_back(to_string(wish));
  return names;
}

}  // namespace

Result<lock::SystemLock> choose_packages(const PackageWishes& wishes, const BaseFiles& below,
                                         const apt::SourceSet& sources, const Services& services) {
  Installed installed;
  if (wishes.suite.empty()) {
    TRY_ASSIGN(installed, read_installed(below));
  }
  TRY_ASSIGN(const auto archives,
             apt::read_archives(sources, wishes.architecture, apt_services(services)));
  std::vector<debian::SuitePackages> suites;
  std::vector<lock::LockedArchive> locked;
  for (const auto& archive : archives) {
    locked.push_back(to_locked(archive));
    suites.push_back({.packages = archive.packages,
                      .suite = name_of(archive.release),
                      .also = archive.release.suite});
  }
  name_apart(locked);
  TRY_ASSIGN(const auto index, debian::PackageIndex::of(std::move(suites), wishes.architecture));

  lock::SystemLock system{.suite = wishes.suite,
                          .base_names = names_of(wishes.base),
                          .system_names = names_of(wishes.system)};
  for (auto& name : names_of(wishes.python)) system.base_names.push_back(std::move(name));
  std::ranges::sort(system.base_names);
  Chooser chooser(index, locked, std::move(installed.packages), services.reporter);
  TRY_ASSIGN(system.base_packages, chooser.choose(wishes.base));
  TRY_ASSIGN(system.python_packages, chooser.choose(wishes.python));
  TRY_ASSIGN(system.system_packages, chooser.choose(wishes.system));
  system.archives = chooser.used_archives();
  return system;
}

}  // namespace cogbuild::compose
