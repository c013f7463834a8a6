#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/python/package_name.hpp>
#include <cogbuild/python/version.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::python {

inline constexpr std::size_t kMaxPyprojectBytes = std::size_t{1024} * 1024;

// The [project] table of a pyproject.toml, as far as resolving needs it. "Declaring project
// metadata: the [project] table".
struct ProjectTable {
  PackageName name{};
  std::string name_text{};
  std::optional<Version> version{};  // nothing when it is dynamic
  std::string requires_python{};     // as written; empty: any
  std::vector<std::string> dependencies{};
  std::map<std::string, std::vector<std::string>> optional_dependencies{};  // by extra, as written
  std::vector<std::string> dynamic{};  // keys that only a build knows
  friend bool operator==(const ProjectTable&, const ProjectTable&) = default;

  [[nodiscard]] bool is_dynamic(std::string_view key) const;
};

// Nothing when the file has no [project] table. Requirements and specifiers are valid, and no text
// holds control characters. Errors: config (no TOML, or a table against the standard); integrity
// above kMaxPyprojectBytes.
Result<std::optional<ProjectTable>> parse_pyproject(std::string_view text);

}  // namespace cogbuild::python
