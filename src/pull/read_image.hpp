#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/image/image.hpp>
#include <cogbuild/recipe/recipe.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cogbuild::pull {

// Where the parts of one image lie. What is returned need not be verified. Error: not_found and
// whatever the place is prone to.
class Carrier {
 public:
  virtual ~Carrier() = default;
  virtual Result<std::string> manifest(const image::Descriptor& descriptor) = 0;
  virtual Result<std::string> config(const image::Descriptor& descriptor) = 0;
  // Where the layer's bytes are, without reading them.
  virtual Result<recipe::Recipe> layer(const image::Descriptor& descriptor) = 0;
};

inline constexpr std::uint64_t kMaxManifestBytes = std::uint64_t{4} * 1024 * 1024;
inline constexpr std::uint64_t kMaxConfigBytes = std::uint64_t{8} * 1024 * 1024;

// The image that `top`, a manifest or an index, stands for on a platform (none: an index is
// refused, any platform will do). Its media type may be left out. Documents are verified by size
// and digest; a layer only by the size its carrier tells. Errors: not_found (no such platform),
// integrity, unsupported, those of the carrier.
Result<image::Image> read_image(const image::Descriptor& top,
                                const std::optional<image::Platform>& platform, Carrier& carrier);

// Checks a document against its descriptor; `what` names it. Error: integrity.
Result<void> verify(const std::string& content, const image::Descriptor& descriptor,
                    std::string_view what);

}  // namespace cogbuild::pull
