#pragma once

#include <cogbuild/digest/digest.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/recipe/recipe.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::realise {

// A thing in a layer that a person would name; what reports list.
struct ContentItem {
  std::string kind{};  // `package`, `weights`, `file`
  std::string name{};
  std::string version{};
  std::uint64_t unpacked_bytes = 0;
  friend bool operator==(const ContentItem&, const ContentItem&) = default;
};

// A realised layer. Its blob's recipe is known here when the layer was just made; for one found in
// the cache it lies in the store under the blob's digest.
struct Layer {
  std::string media_type{};
  digest::Digest digest{};
  std::uint64_t size_bytes = 0;
  digest::Digest diff_id{};
  std::uint64_t unpacked_bytes = 0;
  std::vector<ContentItem> items{};     // largest first, then by name
  std::vector<digest::Digest> needs{};  // blobs of the store that the recipe refers to
  std::optional<recipe::Recipe> recipe{};
};

// All but the recipe, as the store keeps it under the layer's key; parse(to_json(l)) == l.
std::string to_json(const Layer& layer);
Result<Layer> parse_layer(std::string_view json);

}  // namespace cogbuild::realise
