#pragma once

#include <cogbuild/pypi/index.hpp>

#include <functional>
#include <future>
#include <map>
#include <string>

namespace cogbuild::pypi {

// METADATA of wheels, kept for good: a published file never changes.
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
  // Nothing when the index promised a metadata file that is not there.
  Result<std::optional<std::string>> from_metadata_file(const File& file);
  Result<std::string> from_wheel(const File& file);

  const IndexConfig& config_;
  IndexServices services_;
  ReadWheelMetadata read_wheel_;
  std::map<std::string, std::future<Result<http::Response>>> pending_{};  // by URL of the file
};

// The file as something to fetch.
fetch::Wanted wanted_file(const File& file, const IndexConfig& config);

}  // namespace cogbuild::pypi
