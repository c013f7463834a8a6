#include "direct_source.hpp"

#include <cogbuild/fetch/fetch.hpp>
#include <cogbuild/pypi/wheel_metadata.hpp>
#include <cogbuild/url/url.hpp>

#include <fmt/format.h>

#include <filesystem>

namespace cogbuild::resolve {

Result<DistributionFile> DirectSource::direct(const std::string& location) {
  DistributionFile file{.location = location, .handle = kFirstHandle + known_.size()};
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
    const std::filesystem::path path =
        location.starts_with('/') ? std::filesystem::path(location) : project_.disk_path(location);
    file.file_name = path.filename().string();
    wanted.location = path.string();
  }
  wanted.label = file.file_name;
  TRY_ASSIGN(const auto fetched, fetch::fetch(wanted, {.http = services_.http,
                                                       .blobs = services_.blobs,
                                                       .clock = services_.clock,
                                                       .reporter = services_.reporter,
                                                       .offline = services_.offline}));
  known_.push_back({.digest = fetched.digest, .size_bytes = fetched.size_bytes});
  file.size_bytes = fetched.size_bytes;
  file.hashes.push_back({.algorithm = "sha256", .hex = fetched.digest.hex()});
  return file;
}

Result<std::string> DirectSource::metadata(const DistributionFile& file) const {
  TRY_ASSIGN(const auto path, services_.blobs.file(known_.at(file.handle - kFirstHandle).digest));
  auto text = pypi::read_wheel_metadata(path);
  if (!text)
    return fail(std::move(text).error().during(fmt::format("reading `{}`", file.file_name)));
  return text;
}

Result<FileIdentity> DirectSource::identify(const DistributionFile& file) const {
  return known_.at(file.handle - kFirstHandle);
}

}  // namespace cogbuild::resolve
