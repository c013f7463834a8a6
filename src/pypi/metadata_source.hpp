#pragma once

#include <cogbuild/pypi/index.hpp>

#include <functional>
#include <future>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace cogbuild::pypi {

// METADATA of wheels and of source archives whose metadata is static, kept for good: a published
// file never changes.
class MetadataSource {
 public:
  MetadataSource(const IndexConfig& config, IndexServices services, ReadWheelMetadata read_wheel)
      : config_(config), services_(services), read_wheel_(std::move(read_wheel)) {}

  // Starts the request that `metadata` will wait for; false when there is none to wait for.
  // `on_done` is called, as http::Request says, when one was started.
  bool prefetch(const File& file, std::function<void()> on_done);
  Result<std::string> metadata(const File& file);

 private:
  [[nodiscard]] std::optional<std::string> cached(const File& file) const;
  void keep(const File& file, const std::string& text);
  [[nodiscard]] http::Request request_for(const File& file) const;
  // The answer to a request: that of `prefetch`, if there is one, and of further attempts.
  Result<http::Response> answer(const File& file, const http::Request& request);
  // Nothing when the index promised a metadata file that is not there.
  Result<std::optional<std::string>> from_metadata_file(const File& file);
  // Whether ranges are worth asking for: a remote wheel whose host has not refused them before.
  [[nodiscard]] bool may_send_ranges(const File& file) const;
  [[nodiscard]] http::Request wheel_request(const File& file) const;
  // Nothing when the wheel must be fetched whole, for whatever reason: what is verified as a whole
  // decides.
  Result<std::optional<std::string>> from_ranges(const File& file);
  Result<std::string> from_wheel(const File& file);
  Result<std::string> from_source_archive(const File& file);
  Result<std::string> read_wheel_or_source(const File& file);
  [[nodiscard]] bool is_in_store(const File& file) const;

  const IndexConfig& config_;
  IndexServices services_;
  ReadWheelMetadata read_wheel_;
  std::map<std::string, std::future<Result<http::Response>>> pending_{};  // by URL of the file
  std::set<std::string> hosts_without_ranges_{};                          // as Url::authority
};

// The file as something to fetch.
fetch::Wanted wanted_file(const File& file, const IndexConfig& config);

}  // namespace cogbuild::pypi
