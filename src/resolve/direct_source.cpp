#include "direct_source.hpp"

#include <cogbuild/fetch/fetch.hpp>
#include <cogbuild/git/location.hpp>
#include <cogbuild/io/file.hpp>
#include <cogbuild/pypi/source_archive.hpp>
#include <cogbuild/pypi/wheel_metadata.hpp>
#include <cogbuild/python/wheel_name.hpp>

#include <fmt/format.h>

#include <filesystem>
#include <system_error>
#include <utility>

namespace cogbuild::resolve {

namespace {

// Nothing where there is no such file.
Result<std::optional<std::string>> if_there(Result<std::string> content) {
  if (content) return *std::move(content);
  if (content.error().kind() == ErrorKind::not_found) return std::nullopt;
  return fail(std::move(content).error());
}

// The SHA-256 among the hashes of a URL; others cannot be verified, so they must not seem so.
Result<std::optional<digest::Digest>> verifiable(const std::vector<python::FileHash>& hashes) {
  std::optional<digest::Digest> found;
  for (const auto& hash : hashes) {
    if (!hash.sha256())
      return fail(Error(ErrorKind::unsupported,
                        fmt::format("the {} of a URL cannot be verified", hash.algorithm))
                      .hint("give its sha256"));
    found = hash.sha256();
  }
  return found;
}

}  // namespace

DirectSource::DirectSource(const pypi::IndexConfig& config, const pypi::IndexServices& services,
                           const io::Tree& project, const GitAccess& git)
    : config_(config), services_(services), project_(project) {
  if (git.runner != nullptr) commits_.emplace(*git.runner, git.directory, services.offline);
}

DistributionFile DirectSource::keep(DistributionFile file, const FileIdentity& identity) {
  file.handle = kFirstHandle + known_.size();
  known_.push_back(identity);
  return file;
}

std::filesystem::path DirectSource::disk_path(const std::string& path) const {
  return path.starts_with('/') ? std::filesystem::path(path)
                               : project_.disk_path(path == "." ? "" : path);
}

Result<DistributionFile> DirectSource::commit_at(const std::string& location) {
  TRY_ASSIGN(const auto place, git::Location::parse(location));
  TRY_ASSIGN(const auto fragment, python::DirectFragment::of(location));
  if (!commits_) return fail(Error(ErrorKind::unsupported, fmt::format("{} needs git", place.url)));
  TRY_ASSIGN(const auto commit, commits_->fetch(place));
  return DistributionFile{.form = lock::Form::version_control,
                          .location = place.url,
                          .commit = commit,
                          .requested_revision = place.revision,
                          .subdirectory = fragment.subdirectory};
}

Result<DistributionFile> DirectSource::directory_at(const std::string& path) const {
  std::error_code code;
  const auto place = disk_path(path);
  if (!std::filesystem::exists(place, code))
    return fail(Error(ErrorKind::not_found, fmt::format("there is no directory `{}`", path)));
  if (!std::filesystem::is_directory(place, code))
    return fail(
        Error(ErrorKind::unsupported,
              fmt::format("`{}` is neither a wheel, a source archive nor a directory", path)));
  // Below the project it is named relative to it, so that the lock says the same on any machine.
  const auto relative = place.lexically_normal().lexically_relative(disk_path(""));
  const bool inside = !relative.empty() && *relative.begin() != "..";
  std::string location = inside ? relative.lexically_normal().string() : place.string();
  if (location.size() > 1 && location.ends_with('/')) location.pop_back();
  return DistributionFile{.form = lock::Form::directory, .location = std::move(location)};
}

Result<DistributionFile> DirectSource::archive_at(const std::string& location,
                                                  const std::string& file_name,
                                                  const std::optional<url::Url>& url) {
  DistributionFile file{.form = python::is_wheel_file_name(file_name) ? lock::Form::wheel
                                                                      : lock::Form::source_archive,
                        .file_name = file_name,
                        .location = location};
  fetch::Wanted wanted{.label = file_name};
  if (url) {
    TRY_ASSIGN(const auto fragment, python::DirectFragment::parse(url->fragment));
    TRY_ASSIGN(wanted.digest, verifiable(fragment.hashes));
    file.subdirectory = fragment.subdirectory;
    file.location = url::to_string(*url);
    wanted.location = file.location;
    wanted.username = url->username;
    wanted.password = url->password;
    wanted.allow_insecure_tls = config_.trusts(*url);
  } else {
    wanted.location = disk_path(location).string();
  }
  TRY_ASSIGN(const auto fetched, fetch::fetch(wanted, {.http = services_.http,
                                                       .blobs = services_.blobs,
                                                       .clock = services_.clock,
                                                       .reporter = services_.reporter,
                                                       .offline = services_.offline}));
  file.size_bytes = fetched.size_bytes;
  file.hashes.push_back({.algorithm = "sha256", .hex = fetched.digest.hex()});
  return keep(std::move(file), {.digest = fetched.digest, .size_bytes = fetched.size_bytes});
}

Result<DistributionFile> DirectSource::direct(const std::string& location) {
  if (location.starts_with("git+")) {
    TRY_ASSIGN(auto file, commit_at(location));
    return keep(std::move(file), {});
  }
  std::optional<url::Url> url;
  std::string path = location;
  if (location.find("://") != std::string::npos) {
    TRY_ASSIGN(url, url::parse(location));
    if (url->scheme == "http" && !url->is_loopback() && !config_.trusts(*url))
      return fail(
          Error(ErrorKind::config, fmt::format("`{}` is plain HTTP", url::to_display(*url)))
              .hint(fmt::format("use https, or say `--trusted-host {}`", url->authority())));
    path = url->scheme == "file" ? url::percent_decode(url->path) : std::string();
  }
  const std::string file_name =
      url ? url->file_name() : std::filesystem::path(location).filename().string();
  if (python::is_wheel_file_name(file_name) || python::is_source_archive_file_name(file_name))
    return archive_at(location, file_name, url);
  if (path.empty() && url)
    return fail(
        Error(ErrorKind::unsupported,
              fmt::format("`{}` is neither a wheel nor a source archive", url::to_display(*url))));
  TRY_ASSIGN(auto file, directory_at(path));
  if (url) {
    TRY_ASSIGN(const auto fragment, python::DirectFragment::parse(url->fragment));
    file.subdirectory = fragment.subdirectory;
  }
  return keep(std::move(file), {});
}

Result<std::string> DirectSource::archive_metadata(const DistributionFile& file) const {
  TRY_ASSIGN(const auto path, services_.blobs.file(known_.at(file.handle - kFirstHandle).digest));
  if (file.form == lock::Form::wheel) {
    auto text = pypi::read_wheel_metadata(path);
    if (!text)
      return fail(std::move(text).error().during(fmt::format("reading `{}`", file.file_name)));
    return text;
  }
  const pypi::SourceArchive archive{
      .path = path, .file_name = file.file_name, .subdirectory = file.subdirectory};
  const auto identity = pypi::source_identity(file.file_name);
  auto text = pypi::read_source_metadata(archive, identity);
  // A forge names its archives for a tag or a commit: what asks for the project knows its name.
  if (!text && text.error().kind() == ErrorKind::integrity && !identity.name.empty())
    text = pypi::read_source_metadata(archive, {.version = identity.version});
  return text;
}

Result<std::string> DirectSource::directory_metadata(const DistributionFile& file) const {
  const auto place = disk_path(file.location) / file.subdirectory / "pyproject.toml";
  TRY_ASSIGN(auto pyproject, if_there(io::read_file(place, python::kMaxPyprojectBytes)));
  return python::static_metadata({.pyproject = std::move(pyproject)}, {});
}

Result<std::string> DirectSource::commit_metadata(const DistributionFile& file) const {
  const std::string below = file.subdirectory.empty() ? "" : file.subdirectory + "/";
  python::SourceFiles files;
  TRY_ASSIGN(files.pyproject,
             commits_->read(file.commit, below + "pyproject.toml", python::kMaxPyprojectBytes));
  // Where there is both, PKG-INFO is of some release, and not of this commit.
  if (!files.pyproject) {
    TRY_ASSIGN(files.pkg_info,
               commits_->read(file.commit, below + "PKG-INFO", python::kMaxMetadataBytes));
  }
  return python::static_metadata(files, {});
}

Result<std::string> DirectSource::metadata(const DistributionFile& file) const {
  switch (file.form) {
    case lock::Form::directory:
      return directory_metadata(file);
    case lock::Form::version_control:
      return commit_metadata(file);
    case lock::Form::wheel:
    case lock::Form::source_archive:
      break;
  }
  return archive_metadata(file);
}

Result<FileIdentity> DirectSource::identify(const DistributionFile& file) const {
  return known_.at(file.handle - kFirstHandle);
}

}  // namespace cogbuild::resolve
