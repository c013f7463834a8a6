#include "metadata_source.hpp"

#include "page_source.hpp"
#include "ranged_wheel.hpp"

#include <cogbuild/archive/ranged_member.hpp>
#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/http/retry.hpp>
#include <cogbuild/pypi/source_archive.hpp>
#include <cogbuild/python/metadata.hpp>
#include <cogbuild/python/wheel_name.hpp>

#include <fmt/format.h>

#include <utility>

namespace cogbuild::pypi {

namespace {

bool is_remote(const File& file) { return file.url.scheme != "file"; }

// By place and claimed digest: what one index says of a file is no other's word. A query may be a
// signature that changes from page to page; a file of this machine without a digest may change
// behind the same path.
std::string cache_key(const File& file) {
  const auto digest = file.sha256();
  if (!digest && !is_remote(file)) return {};
  url::Url place = file.url;
  place.query.clear();
  return fmt::format("metadata {} {}", url::to_string(place), digest ? to_string(*digest) : "");
}

}  // namespace

fetch::Wanted wanted_file(const File& file, const IndexConfig& config) {
  return {.label = file.file_name,
          .location = url::to_string(file.url),
          .username = file.url.username,
          .password = file.url.password,
          .digest = file.sha256(),
          .size_bytes = file.size_bytes,
          .allow_insecure_tls = config.trusts(file.url)};
}

std::optional<std::string> MetadataSource::cached(const File& file) const {
  const std::string key = cache_key(file);
  if (key.empty()) return std::nullopt;
  auto text = services_.keys.get(store::Table::response, key);
  return text ? *std::move(text) : std::nullopt;
}

void MetadataSource::keep(const File& file, const std::string& text) {
  const std::string key = cache_key(file);
  if (key.empty()) return;
  if (auto kept = services_.keys.put(store::Table::response, key, text); !kept)
    services_.reporter.explain(
        fmt::format("metadata of {} is not cached: {}", file.file_name, kept.error().message()));
}

http::Request MetadataSource::request_for(const File& file) const {
  http::Request request{.url = file.url};
  request.url.path += ".metadata";
  request.limit_bytes = python::kMaxMetadataBytes;
  request.allow_insecure_tls = config_.trusts(file.url);
  return request;
}

http::Request MetadataSource::wheel_request(const File& file) const {
  return {.url = file.url, .allow_insecure_tls = config_.trusts(file.url)};
}

bool MetadataSource::may_send_ranges(const File& file) const {
  return is_remote(file) && !services_.offline && python::is_wheel_file_name(file.file_name) &&
         !hosts_without_ranges_.contains(file.url.authority());
}

bool MetadataSource::is_in_store(const File& file) const {
  const auto digest = file.sha256();
  return digest && services_.blobs.contains(*digest) == true;
}

bool MetadataSource::prefetch(const File& file, std::function<void()> on_done) {
  if (services_.offline || !is_remote(file)) return false;
  if (!file.has_metadata && !may_send_ranges(file)) return false;
  const std::string key = url::to_string(file.url);
  if (pending_.contains(key) || cached(file)) return false;
  if (!file.has_metadata && is_in_store(file)) return false;
  http::Request request = file.has_metadata
                              ? request_for(file)
                              : range_request(wheel_request(file), {}, archive::kEndTailBytes);
  request.on_done = std::move(on_done);
  pending_.emplace(key, services_.http.start(std::move(request)));
  return true;
}

Result<http::Response> MetadataSource::answer(const File& file, const http::Request& request) {
  const auto attempt = [&]() -> Result<http::Response> {
    const auto found = pending_.find(url::to_string(file.url));
    if (found == pending_.end()) return services_.http.send(request);
    auto pending = std::move(found->second);
    pending_.erase(found);
    return pending.get();
  };
  return http::with_retries(attempt, {}, services_.clock, services_.reporter,
                            url::to_display(request.url));
}

Result<std::optional<std::string>> MetadataSource::from_metadata_file(const File& file) {
  const http::Request request = request_for(file);
  const std::string what = "the metadata of " + file.file_name;
  TRY_ASSIGN(const auto response, answer(file, request));
  if (response.status == 404 || response.status == 410) return std::nullopt;
  if (response.status != 200) return fail(refusal(response, what));
  if (file.metadata_digest) {
    const auto actual = digest::digest_of(response.body);
    if (actual != *file.metadata_digest)
      return fail(Error(ErrorKind::integrity,
                        fmt::format("{} from {} has digest {}, the index says {}", what,
                                    url::to_display(request.url), to_string(actual),
                                    to_string(*file.metadata_digest))));
  }
  return response.body;
}

Result<std::optional<std::string>> MetadataSource::from_ranges(const File& file) {
  const http::Request request = wheel_request(file);
  const auto send = [&](const http::Request& asked) { return answer(file, asked); };
  const auto read = [&]() -> Result<std::string> {
    TRY_ASSIGN(auto first, send(range_request(request, {}, archive::kEndTailBytes)));
    TRY_ASSIGN(auto wheel, RangedWheel::open(request, std::move(first), send));
    if (file.size_bytes && wheel.size_bytes() != *file.size_bytes)
      return fail(Error(ErrorKind::integrity,
                        fmt::format("{} has {} bytes, the index says {}", file.file_name,
                                    wheel.size_bytes(), *file.size_bytes)));
    return wheel.metadata(file.file_name);
  };
  auto text = read();
  if (text) return *std::move(text);
  // What cannot be reached by parts cannot be reached whole.
  if (text.error().kind() == ErrorKind::network) return fail(std::move(text).error());
  if (text.error().kind() == ErrorKind::unsupported)
    hosts_without_ranges_.insert(file.url.authority());
  services_.reporter.explain(fmt::format("{} is fetched whole for its metadata: {}", file.file_name,
                                         text.error().message()));
  return std::nullopt;
}

Result<std::string> MetadataSource::from_wheel(const File& file) {
  TRY_ASSIGN(const auto fetched, fetch::fetch(wanted_file(file, config_),
                                              {services_.http, services_.blobs, services_.clock,
                                               services_.reporter, services_.offline}));
  TRY_ASSIGN(const auto path, services_.blobs.file(fetched.digest));
  auto text = read_wheel_(path);
  if (!text) return fail(std::move(text).error().during("reading " + file.file_name));
  return *std::move(text);
}

// What a source archive holds is its publisher's affair: one that cannot be used is one version
// less, whatever is wrong with it.
Result<std::string> MetadataSource::from_source_archive(const File& file) {
  TRY_ASSIGN(const auto fetched, fetch::fetch(wanted_file(file, config_),
                                              {services_.http, services_.blobs, services_.clock,
                                               services_.reporter, services_.offline}));
  TRY_ASSIGN(const auto path, services_.blobs.file(fetched.digest));
  auto text = read_source_metadata({.path = path, .file_name = file.file_name},
                                   source_identity(file.file_name));
  if (text || text.error().kind() == ErrorKind::unsupported || text.error().kind() == ErrorKind::io)
    return text;
  return fail(
      Error(ErrorKind::unsupported, fmt::format("cannot be used: {}", text.error().message())));
}

Result<std::string> MetadataSource::read_wheel_or_source(const File& file) {
  const bool is_wheel = python::is_wheel_file_name(file.file_name);
  const bool has_metadata = file.has_metadata && is_remote(file);
  if (services_.offline && has_metadata && !is_in_store(file))
    return fail(Error(ErrorKind::network,
                      fmt::format("the metadata of {} is not in the cache, and --offline forbids "
                                  "to fetch it",
                                  file.file_name))
                    .hint("run it once without --offline"));
  if (has_metadata && !services_.offline) {
    TRY_ASSIGN(auto text, from_metadata_file(file));
    // An index that cuts a source's PKG-INFO out may do so without looking at it.
    if (text && !is_wheel) {
      const auto metadata = python::parse_metadata(*text);
      if (!metadata || !python::is_final(*metadata)) text.reset();
    }
    if (text) return *std::move(text);
  }
  if (!is_wheel) return from_source_archive(file);
  if (may_send_ranges(file) && !is_in_store(file)) {
    TRY_ASSIGN(auto text, from_ranges(file));
    if (text) return *std::move(text);
  }
  return from_wheel(file);
}

Result<std::string> MetadataSource::metadata(const File& file) {
  if (auto text = cached(file)) return *std::move(text);
  TRY_ASSIGN(const auto text, read_wheel_or_source(file));
  TRY_ASSIGN(auto fields, python::metadata_fields(text));
  keep(file, fields);
  return fields;
}

}  // namespace cogbuild::pypi
