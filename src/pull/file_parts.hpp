#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/recipe/recipe.hpp>

#include <filesystem>
#include <functional>
#include <map>
#include <string>

namespace cogbuild::pull {

// Where a named part of a layout or archive lies on disk. Error: not_found, naming the part.
using Locate = std::function<Result<recipe::FileRange>(const std::string& name)>;

// The files below a directory.
Locate files_in(const std::filesystem::path& directory);

// The members of an uncompressed tar: its headers are read once, what lies between is seeked over.
// Links between members are followed. Errors: unsupported (compressed), integrity, io.
Result<Locate> members_of(const std::filesystem::path& archive);

// The bytes of a range. Errors: integrity (longer than `limit_bytes`, ended early), io.
Result<std::string> read_range(const recipe::FileRange& range, std::uint64_t limit_bytes);

}  // namespace cogbuild::pull
