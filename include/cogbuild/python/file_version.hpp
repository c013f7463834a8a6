#pragma once

#include <cogbuild/python/package_name.hpp>
#include <cogbuild/python/version.hpp>

#include <optional>
#include <string>

namespace cogbuild::python {

// The version that the name of a wheel or source archive says; nothing when it does not parse or is
// of another project.
std::optional<Version> file_version(const PackageName& project, const std::string& file_name);

}  // namespace cogbuild::python
