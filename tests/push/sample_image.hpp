#pragma once

#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/image/image.hpp>
#include <cogbuild/io/file.hpp>
#include <cogbuild/progress/reporter.hpp>
#include <cogbuild/push/export_services.hpp>
#include <cogbuild/recipe/reader.hpp>
#include <cogbuild/store/blob_store.hpp>

#include <doctest/doctest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogbuild::push::test {

// The value, or a failed test with the whole error.
template <class T>
T value_of(Result<T> result) {
  if (!result) FAIL(render(result.error()));
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

template <class T>
std::string error_of(const Result<T>& result) {
  return result ? std::string("no error") : result.error().message();
}

// Segments from a store in memory, and blobs of other registries from a map.
class SampleOpener final : public recipe::SegmentOpener {
 public:
  Result<std::unique_ptr<io::ByteSource>> open(const recipe::BlobRange& range) override {
    return store.open(range.blob, range.offset, range.size_bytes);
  }
  Result<std::unique_ptr<io::ByteSource>> open(const recipe::RemoteBlob& blob,
                                               std::uint64_t offset) override {
    const std::lock_guard lock(mutex_);
    remote_reads.push_back(blob.repository);
    return std::make_unique<io::MemorySource>(
        remote.at(blob.repository + "@" + to_string(blob.blob))
            .substr(static_cast<std::size_t>(offset)));
  }

  store::MemoryBlobStore store{};
  std::map<std::string, std::string> remote{};  // `repository@digest` -> content
  std::vector<std::string> remote_reads{};

 private:
  std::mutex mutex_{};
};

// Layers as values: what the content is made of is said by the recipe.
inline image::Layer layer_of(std::string_view content, std::vector<recipe::Segment> segments,
                             std::string created_by,
                             std::string_view media_type = image::kLayerTarType) {
  const auto digest = digest::digest_of(content);
  return {
      .descriptor = {.media_type = std::string(media_type),
                     .digest = digest,
                     .size_bytes = content.size()},
      .diff_id = digest,
      .recipe = {.digest = digest, .size_bytes = content.size(), .segments = std::move(segments)},
      .created_by = std::move(created_by)};
}

inline image::Layer literal_layer(const std::string& content, std::string created_by = "files",
                                  std::string_view media_type = image::kLayerTarType) {
  return layer_of(content, {recipe::Literal{.bytes = content}}, std::move(created_by), media_type);
}

inline image::Layer stored_layer(SampleOpener& opener, const std::string& content,
                                 std::string created_by = "stored") {
  const auto blob = value_of(store::put(opener.store, content));
  return layer_of(content, {recipe::BlobRange{.blob = blob, .size_bytes = content.size()}},
                  std::move(created_by));
}

inline image::Layer file_layer(const std::filesystem::path& file,
                               std::string created_by = "weights") {
  const auto content = value_of(io::read_file(file));
  return layer_of(
      content,
      {recipe::FileRange{
          .path = file, .size_bytes = content.size(), .stamp = value_of(io::stamp(file))}},
      std::move(created_by));
}

inline image::Image image_of(const std::vector<image::Layer>& layers) {
  return image::assemble({}, {}, {.platform = {}, .created = "1980-01-01T00:00:00Z"}, layers, {});
}

}  // namespace cogbuild::push::test
