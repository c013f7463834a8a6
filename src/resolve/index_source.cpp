#include "listed_releases.hpp"

#include <cogbuild/archive/zip_directory.hpp>
#include <cogbuild/fetch/fetch.hpp>
#include <cogbuild/python/metadata.hpp>
#include <cogbuild/resolve/index_source.hpp>
#include <cogbuild/url/url.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

namespace cogbuild::resolve {
namespace {

// The one METADATA of a wheel on disk.
Result<std::string> read_wheel_metadata(const std::filesystem::path& wheel) {
  constexpr std::string_view kSuffix = ".dist-info/METADATA";
  TRY_ASSIGN(const auto directory, archive::ZipDirectory::open(wheel, wheel.filename().string()));
  const archive::ZipMember* found = nullptr;
  for (const auto& member : directory.members()) {
    if (!member.name.ends_with(kSuffix) || member.name.find('/') != member.name.rfind('/'))
      continue;
    if (found != nullptr) {
      return fail(Error(ErrorKind::integrity,
                        fmt::format("`{}` has two METADATA files", directory.name())));
    }
    found = &member;
  }
  if (found == nullptr) {
    return fail(Error(ErrorKind::integrity, fmt::format("`{}` has no METADATA", directory.name())));
  }
  return directory.read(*found, python::kMaxMetadataBytes);
}

// A file of an index, or a wheel that was named directly and lies in the store.
struct Known {
  std::optional<pypi::ProjectFile> of_index{};
  FileIdentity identity{};
};

class IndexSource final : public DistributionSource {
 public:
  IndexSource(const pypi::IndexConfig& config, const pypi::IndexServices& services,
              const io::Tree& project)
      : config_(config),
        services_(services),
        project_(project),
        index_(config, services, read_wheel_metadata) {}

  Result<std::vector<DistributionFile>> files(const python::PackageName& name) override {
    TRY_ASSIGN(const auto project, index_.project(name));
    std::vector<DistributionFile> files;
    files.reserve(project->files.size());
    for (const auto& file : project->files) {
      files.push_back({.file_name = file.file.file_name,
                       .location = location_of(file.file.url),
                       .index = index_.sources().at(file.source),
                       .hashes = file.file.hashes,
                       .size_bytes = file.file.size_bytes,
                       .requires_python = file.file.requires_python,
                       .yanked = file.file.yanked,
                       .yanked_reason = file.file.yanked_reason,
                       .upload_time = file.file.upload_time,
                       .handle = known_.size()});
      known_.push_back({.of_index = file});
    }
    return files;
  }

  Result<std::shared_ptr<const Releases>> releases(const python::PackageName& name) override {
    TRY_ASSIGN(const auto listed, files(name));
    return std::make_shared<const ListedReleases>(name, listed);
  }

  void prefetch(const std::vector<python::PackageName>& names) override { index_.prefetch(names); }

  Result<std::string> metadata(const DistributionFile& file) override {
    const Known& known = known_.at(file.handle);
    if (known.of_index) return index_.metadata(*known.of_index);
    TRY_ASSIGN(const auto path, services_.blobs.file(known.identity.digest));
    auto text = read_wheel_metadata(path);
    if (!text)
      return fail(std::move(text).error().during(fmt::format("reading `{}`", file.file_name)));
    return text;
  }

  void prefetch_metadata(const std::vector<DistributionFile>& files) override {
    std::vector<pypi::ProjectFile> of_index;
    for (const auto& file : files) {
      if (const auto& known = known_.at(file.handle); known.of_index)
        of_index.push_back(*known.of_index);
    }
    index_.prefetch_metadata(of_index);
  }

  Arrivals wait() override { return {}; }

  Result<DistributionFile> direct(const std::string& location) override {
    DistributionFile file{.location = location, .handle = known_.size()};
    fetch::Wanted wanted;
    if (location.find("://") != std::string::npos) {
      TRY_ASSIGN(const auto parsed, url::parse(location));
      file.file_name = parsed.file_name();
      file.location = url::to_string(parsed);
      wanted.location = file.location;
      wanted.username = parsed.username;
      wanted.password = parsed.password;
      if (parsed.scheme == "http" && !parsed.is_loopback() && !config_.trusts(parsed)) {
        return fail(
            Error(ErrorKind::config, fmt::format("`{}` is plain HTTP", url::to_display(parsed)))
                .hint(fmt::format("use https, or say `--trusted-host {}`", parsed.authority())));
      }
      if (parsed.fragment.starts_with("sha256=")) {
        TRY_ASSIGN(const auto hash,
                   python::FileHash::parse(parsed.fragment.substr(0, parsed.fragment.find('&'))));
        wanted.digest = hash.sha256();
      }
    } else {
      const std::filesystem::path path = location.starts_with('/') ? std::filesystem::path(location)
                                                                   : project_.disk_path(location);
      file.file_name = path.filename().string();
      wanted.location = path.string();
    }
    wanted.label = file.file_name;
    TRY_ASSIGN(const auto fetched, fetch::fetch(wanted, {.http = services_.http,
                                                         .blobs = services_.blobs,
                                                         .clock = services_.clock,
                                                         .reporter = services_.reporter,
                                                         .offline = services_.offline}));
    known_.push_back({.identity = {.digest = fetched.digest, .size_bytes = fetched.size_bytes}});
    file.size_bytes = fetched.size_bytes;
    file.hashes.push_back({.algorithm = "sha256", .hex = fetched.digest.hex()});
    return file;
  }

  Result<FileIdentity> identify(const DistributionFile& file) override {
    const Known& known = known_.at(file.handle);
    if (!known.of_index) return known.identity;
    const auto digest = known.of_index->file.sha256();
    if (digest && file.size_bytes)
      return FileIdentity{.digest = *digest, .size_bytes = *file.size_bytes};
    TRY_ASSIGN(const auto fetched, index_.fetch(*known.of_index));
    return FileIdentity{.digest = fetched.digest, .size_bytes = fetched.size_bytes};
  }

 private:
  // Files below the project are named relative to it, so that the lock says the same on any
  // machine.
  [[nodiscard]] std::string location_of(const url::Url& url) const {
    if (url.scheme != "file") return url::to_string(url);
    const std::string path = url::percent_decode(url.path);
    const std::string root = project_.disk_path("").lexically_normal().string();
    const std::string prefix = root.ends_with('/') ? root : root + "/";
    return path.starts_with(prefix) ? path.substr(prefix.size()) : path;
  }

  pypi::IndexConfig config_;
  pypi::IndexServices services_;
  const io::Tree& project_;
  pypi::Index index_;
  std::vector<Known> known_{};
};

}  // namespace

std::unique_ptr<DistributionSource> open_index_source(const pypi::IndexConfig& config,
                                                      const pypi::IndexServices& services,
                                                      const io::Tree& project) {
  return std::make_unique<IndexSource>(config, services, project);
}

}  // namespace cogbuild::resolve
