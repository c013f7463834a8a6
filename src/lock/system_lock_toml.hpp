#pragma once

#include "toml_reader.hpp"

#include <cogbuild/lock/system_lock.hpp>

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace cogbuild::lock {

// The part of cogbuild.lock that pins what a root is made of: `[system]`, `[[archive]]`,
// `[[package]]`, `[python]`, at the top level all of them.

inline constexpr std::array<std::string_view, 4> kSystemKeys = {"system", "archive", "package",
                                                                "python"};

// A blank line before each table.
std::string system_to_toml(const SystemLock& system);
// Nullopt without `[system]`; then the other three are findings. Lists that a SystemLock keeps
// sorted are sorted, however they stand in the file.
std::optional<SystemLock> read_system(TomlReader& reader, const toml::table& root);

}  // namespace cogbuild::lock
