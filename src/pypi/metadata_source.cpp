#include "metadata_source.hpp"

#include "page_source.hpp"

#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/http/retry.hpp>
#include <cogbuild/python/metadata.hpp>
#include <cogbuild/python/wheel_name.hpp>

#include <fmt/format.h>

#include <utility>

namespace cogbuild::pypi {

namespace {

bool is_remote(const File& file) { return file.url.scheme != "file"; }

// A wheel's content names it best; files of this machine may change behind the same path.
std::string cache_key(const File& file) {
  if (const auto digest = file.sha256()) return "metadata " + to_string(*digest);
  return is_remote(file) ? "metadata " + url::to_string(file.url) : std::string();
}

// The description is most of the text and nobody's input: it follows the first empty line.
std::string header_fields(const std::string& text) {
  const auto end = std::min(text.find("\n\n"), text.find("\n\r\n"));
  return end == std::string::npos ? text : text.substr(0, end + 1);
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

bool MetadataSource::prefetch(const File& file, std::function<void()> on_done) {
  if (services_.offline || !file.has_metadata || !is_remote(file)) return false;
  const std::string key = url::to_string(file.url);
  if (pending_.contains(key) || cached(file)) return false;
  http::Request request = request_for(file);
  request.on_done = std::move(on_done);
  pending_.emplace(key, services_.http.start(std::move(request)));
  return true;
}

Result<std::optional<std::string>> MetadataSource::from_metadata_file(const File& file) {
  const http::Request request = request_for(file);
  const std::string what = "the metadata of " + file.file_name;
  const auto attempt = [&]() -> Result<http::Response> {
    const auto found = pending_.find(url::to_string(file.url));
    if (found == pending_.end()) return services_.http.send(request);
    auto pending = std::move(found->second);
    pending_.erase(found);
    return pending.get();
  };
  TRY_ASSIGN(const auto response,
             http::with_retries(attempt, {}, services_.clock, services_.reporter,
                                url::to_display(request.url)));
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

Result<std::string> MetadataSource::from_wheel(const File& file) {
  TRY_ASSIGN(const auto fetched, fetch::fetch(wanted_file(file, config_),
                                              {services_.http, services_.blobs, services_.clock,
                                               services_.reporter, services_.offline}));
  TRY_ASSIGN(const auto path, services_.blobs.file(fetched.digest));
  auto text = read_wheel_(path);
  if (!text) return fail(std::move(text).error().during("reading " + file.file_name));
  return *std::move(text);
}

Result<std::string> MetadataSource::metadata(const File& file) {
  if (!python::is_wheel_file_name(file.file_name))
    return fail(Error(ErrorKind::unsupported,
                      fmt::format("{} is a source archive: its metadata is known once it is built",
                                  file.file_name)));
  if (auto text = cached(file)) return *std::move(text);
  std::optional<std::string> text;
  if (services_.offline && is_remote(file) && file.has_metadata) {
    // The wheel may lie in the store though its metadata was never asked for.
    if (const auto digest = file.sha256(); digest && services_.blobs.contains(*digest) == true) {
      TRY_ASSIGN(text, from_wheel(file));
    } else {
      return fail(Error(ErrorKind::network,
                        fmt::format("the metadata of {} is not in the cache, and --offline forbids "
                                    "to fetch it",
                                    file.file_name))
                      .hint("run it once without --offline"));
    }
  } else if (file.has_metadata && is_remote(file)) {
    TRY_ASSIGN(text, from_metadata_file(file));
  }
  if (!text) {
    TRY_ASSIGN(text, from_wheel(file));
  }
  std::string fields = header_fields(*text);
  keep(file, fields);
  return fields;
}

}  // namespace cogbuild::pypi
