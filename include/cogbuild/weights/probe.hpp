#pragma once

#include <cogbuild/error/result.hpp>

#include <filesystem>

namespace cogbuild::weights {

// Whether compressing a weights file pays: 16 samples of 256 KiB spread over it (not from its first
// MiB: headers lie) shrink to less than 95 % with zstd. Extensions say nothing: bf16 shrinks, fp32
// hardly. Errors: not_found, io.
Result<bool> compressing_pays(const std::filesystem::path& file);

}  // namespace cogbuild::weights
