#include "download.hpp"

#include <cogbuild/fetch/fetch.hpp>
#include <cogbuild/io/file.hpp>

#include <fmt/format.h>

#include <filesystem>
#include <utility>

namespace cogbuild::fetch {

namespace {

Result<std::optional<Fetched>> find_in_store(const Wanted& wanted, const Services& services) {
  if (!wanted.digest) return std::nullopt;
  TRY_ASSIGN(const bool there, services.blobs.contains(*wanted.digest));
  if (!there) return std::nullopt;
  TRY_ASSIGN(const auto size_bytes, services.blobs.size_bytes(*wanted.digest));
  if (wanted.size_bytes && *wanted.size_bytes != size_bytes)
    return fail(wrong_size(wanted, "the cache", size_bytes));
  return Fetched{.digest = *wanted.digest, .size_bytes = size_bytes, .from_store = true};
}

Result<Fetched> copy_file(const Wanted& wanted, const std::filesystem::path& path,
                          const Services& services) {
  std::error_code code;
  if (std::filesystem::is_directory(path, code))
    return fail(
        Error(ErrorKind::config, fmt::format("{} is a directory, not a file", path.string())));
  // Opening a pipe would wait for its other end.
  if (std::filesystem::exists(path, code) && !std::filesystem::is_regular_file(path, code))
    return fail(Error(ErrorKind::config, fmt::format("{} is no regular file", path.string())));
  TRY_ASSIGN(io::Fd file, io::open_for_reading(path));
  TRY_ASSIGN(const auto stamp, io::stamp(file, path));
  if (wanted.size_bytes && *wanted.size_bytes != stamp.size_bytes)
    return fail(wrong_size(wanted, path.string(), stamp.size_bytes));
  io::FileSource source(std::move(file), path, 0, stamp.size_bytes);
  TRY_ASSIGN(const auto writer, services.blobs.create());
  TRY(io::copy(source, *writer));
  auto digest = writer->commit(wanted.digest);
  if (!digest) return fail(wrong_digest(wanted, path.string(), std::move(digest).error()));
  return Fetched{.digest = *digest, .size_bytes = stamp.size_bytes};
}

bool is_url(std::string_view location) {
  return location.starts_with("file:") || location.find("://") != std::string_view::npos;
}

}  // namespace

Result<Fetched> fetch(const Wanted& wanted, const Services& services) {
  TRY_ASSIGN(const auto kept, find_in_store(wanted, services));
  if (kept) return *kept;
  if (!is_url(wanted.location)) return copy_file(wanted, wanted.location, services);
  TRY_ASSIGN(auto url, url::parse(wanted.location));
  if (url.scheme == "file") return copy_file(wanted, url::percent_decode(url.path), services);
  if (services.offline)
    return fail(
        Error(ErrorKind::network, fmt::format("{} is not in the cache, and --offline forbids "
                                              "to fetch it from {}",
                                              wanted.label, url::to_display(url)))
            .hint("run it once without --offline"));
  if (!wanted.username.empty() || !wanted.password.empty()) {
    url.username = wanted.username;
    url.password = wanted.password;
  }
  return Download(wanted, std::move(url), services).run();
}

}  // namespace cogbuild::fetch
