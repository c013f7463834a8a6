#pragma once

#include <cogbuild/error/result.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace cogbuild::pypi {

// Whether a member of a wheel is its METADATA: `NAME-VERSION.dist-info/METADATA` at the top. Binary
// distribution format, "The .dist-info directory".
bool is_wheel_metadata(std::string_view member);

// The one METADATA of a wheel on disk. Errors: integrity (none, two, or a damaged archive), io.
Result<std::string> read_wheel_metadata(const std::filesystem::path& wheel);

}  // namespace cogbuild::pypi
