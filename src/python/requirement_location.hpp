#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/io/tree.hpp>
#include <cogbuild/python/requirements_file.hpp>

#include <string_view>

namespace cogbuild::python {

// `git+…`, `hg+…`, `svn+…`, `bzr+…`.
bool is_version_controlled(std::string_view text);

// Fills in what a requirement's text says: a named requirement, a URL, or a path. `line` brings its
// location, hashes and whether it is editable. Errors: config, unsupported; located.
Result<RequirementLine> complete_requirement(std::string_view text, RequirementLine line,
                                             const io::Tree& project);

}  // namespace cogbuild::python
