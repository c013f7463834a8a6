#pragma once

#include <cogbuild/error/result.hpp>

#include <filesystem>
#include <string>

namespace cogbuild::build {

// The text of an OpenAPI document in compact form, keys in their order. Error: config, naming
// `file`.
Result<std::string> compact_json(const std::string& text, const std::filesystem::path& file);

}  // namespace cogbuild::build
