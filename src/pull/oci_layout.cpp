#include "oci_layout.hpp"

#include "read_image.hpp"

#include <cogbuild/image/manifest.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <set>
#include <utility>

namespace cogbuild::pull {

namespace {

constexpr const char* kRefName = "org.opencontainers.image.ref.name";
constexpr const char* kImageName = "io.containerd.image.name";

class LayoutCarrier final : public Carrier {
 public:
  explicit LayoutCarrier(const Locate& locate) : locate_(locate) {}

  Result<std::string> manifest(const image::Descriptor& descriptor) override {
    TRY_ASSIGN(const auto range, blob(descriptor));
    return read_range(range, kMaxManifestBytes);
  }

  Result<std::string> config(const image::Descriptor& descriptor) override {
    TRY_ASSIGN(const auto range, blob(descriptor));
    return read_range(range, kMaxConfigBytes);
  }

  Result<recipe::Recipe> layer(const image::Descriptor& descriptor) override {
    TRY_ASSIGN(const auto range, blob(descriptor));
    return recipe::Recipe{
        .digest = descriptor.digest, .size_bytes = range.size_bytes, .segments = {range}};
  }

 private:
  Result<recipe::FileRange> blob(const image::Descriptor& descriptor) {
    auto range = locate_("blobs/sha256/" + descriptor.digest.hex());
    if (!range && range.error().kind() == ErrorKind::not_found)
      return fail(Error(ErrorKind::not_found,
                        fmt::format("blob {} is missing", to_string(descriptor.digest))));
    return range;
  }

  const Locate& locate_;
};

std::string annotation(const image::Descriptor& descriptor, const char* key) {
  const auto found = descriptor.annotations.find(key);
  return found == descriptor.annotations.end() ? "" : found->second;
}

bool is_called(const image::Descriptor& descriptor, const std::string& tag) {
  return annotation(descriptor, kRefName) == tag ||
         annotation(descriptor, kImageName).ends_with(":" + tag);
}

// The entry of index.json to open; entries of one tag may stand for several platforms.
Result<image::Descriptor> choose_entry(const image::Index& index, const std::string& tag,
                                       const image::Platform& platform, const std::string& name) {
  std::set<std::string> tags;
  image::Index candidates;
  for (const auto& entry : index.manifests) {
    const std::string ref_name = annotation(entry, kRefName);
    if (!ref_name.empty()) tags.insert(ref_name);
    if (tag.empty() || is_called(entry, tag)) candidates.manifests.push_back(entry);
  }
  if (candidates.manifests.empty())
    return fail(Error(ErrorKind::not_found, tags.empty()
                                                ? fmt::format("{} holds no image", name)
                                                : fmt::format("{} holds no image `{}`, only {}",
                                                              name, tag, fmt::join(tags, ", "))));
  if (candidates.manifests.size() == 1) return candidates.manifests.front();
  if (tag.empty() && tags.size() > 1)
    return fail(Error(ErrorKind::usage,
                      fmt::format("{} holds several images: {}", name, fmt::join(tags, ", ")))
                    .hint(fmt::format("name one: {}:{}", name, *tags.begin())));
  return image::choose(candidates, platform);
}

Result<void> check_layout(const Locate& locate, const std::string& name) {
  constexpr std::uint64_t kMostBytes = 4096;
  const auto no_layout = [&] {
    return fail(Error(ErrorKind::unsupported, fmt::format("{} is no OCI layout", name))
                    .hint("an OCI layout has the files `oci-layout` and `index.json`"));
  };
  const auto range = locate("oci-layout");
  if (!range && range.error().kind() == ErrorKind::not_found) return no_layout();
  TRY(range);
  TRY_ASSIGN(const std::string text, read_range(*range, kMostBytes));
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("imageLayoutVersion")) return no_layout();
  if (json["imageLayoutVersion"] != "1.0.0")
    return fail(Error(ErrorKind::unsupported,
                      fmt::format("{} has a layout of another version than 1.0.0", name)));
  return {};
}

}  // namespace

Result<image::Image> open_layout(const Locate& locate, const std::string& tag,
                                 const image::Platform& platform, const std::string& name) {
  TRY(check_layout(locate, name));
  TRY_ASSIGN(const auto range, locate("index.json"));
  TRY_ASSIGN(const std::string text, read_range(range, kMaxManifestBytes));
  TRY_ASSIGN(const auto document, image::parse_manifest(text).map_error([](Error error) {
    return std::move(error).during("reading its index.json");
  }));
  const auto* index = std::get_if<image::Index>(&document);
  if (index == nullptr)
    return fail(Error(ErrorKind::integrity, fmt::format("index.json of {} is no index", name)));
  TRY_ASSIGN(const image::Descriptor entry, choose_entry(*index, tag, platform, name));
  LayoutCarrier carrier(locate);
  return read_image(entry, platform, carrier);
}

}  // namespace cogbuild::pull
