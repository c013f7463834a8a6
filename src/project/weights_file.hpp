#pragma once

#include <cstdint>
#include <string_view>

namespace cogbuild::project {

// Whether a regular file of this path and size is weights (listing.hpp says which are).
bool is_weights(std::string_view path, std::uint64_t size_bytes);

// Whether the name ends like a file of weights, whatever its size.
bool has_weights_suffix(std::string_view path);

}  // namespace cogbuild::project
