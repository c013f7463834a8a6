#pragma once

#include <cogbuild/image/descriptor.hpp>

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cogbuild::image {

// image-spec manifest.md.
struct Manifest {
  Descriptor config{};
  std::vector<Descriptor> layers{};  // base first
  Annotations annotations{};
  friend bool operator==(const Manifest&, const Manifest&) = default;
};

// image-spec image-index.md.
struct Index {
  std::vector<Descriptor> manifests{};
  Annotations annotations{};
  friend bool operator==(const Index&, const Index&) = default;
};

// A manifest or an index, OCI or Docker schema 2; layer and config types become OCI's. Refuses
// schema 1, documents with both `manifests` and `layers`, more than 4 MiB, more than 512 layers.
// Errors: integrity (malformed), unsupported.
Result<std::variant<Manifest, Index>> parse_manifest(std::string_view json);

// Compact JSON in fixed key order: equal values print equal bytes.
std::string to_json(const Manifest& manifest);
std::string to_json(const Index& index);

// The entry of an index for a platform: first match wins, unknown media types are skipped.
// Error: not_found, listing the platforms there are.
Result<Descriptor> choose(const Index& index, const Platform& platform);

}  // namespace cogbuild::image
