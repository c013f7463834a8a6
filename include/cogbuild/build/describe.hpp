#pragma once

#include <cogbuild/build/build.hpp>
#include <cogbuild/schema/openapi.hpp>

namespace cogbuild::build {

// What the code of a project says of the model, with the schema that a build would put into the
// image; the code is read and never run. Warnings of both go to the reporter. Errors: usage and
// config, as reading cog.yaml and schema::describe_project; io.
Result<schema::Described> describe(const Options& options, progress::Reporter& reporter);

}  // namespace cogbuild::build
