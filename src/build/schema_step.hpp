#pragma once

#include "project_step.hpp"

#include <cogbuild/error/result.hpp>
#include <cogbuild/schema/openapi.hpp>

#include <map>
#include <string>

namespace cogbuild::build {

// The schema of a project's image and, in its config, how many runs the code takes at once. The
// schema is read from the code, unless --openapi-schema or COG_OPENAPI_SCHEMA name a file, whose
// text is taken as it is once it is found valid, or --skip-schema-validation wants none. Where none
// is to be read from the code, code that cannot be read is no error. Errors: usage (a file that is
// not there), config, io.
Result<void> describe_code(const Options& options,
                           const std::map<std::string, std::string>& environment,
                           progress::Reporter& reporter, Project& project);

}  // namespace cogbuild::build
