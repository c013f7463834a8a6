#pragma once

#include "faults.hpp"
#include "source_files.hpp"

#include <cogbuild/schema/signature.hpp>

#include <optional>

namespace cogbuild::schema {

// Models written for Cog before 0.1 give their inputs as decorators: `@cog.input("x", type=int)`.
// Nothing for other functions.
std::optional<Error> old_style_error(const syntax::Node& function, const SourceFile& file);

// Sets streaming, asynchronous and concurrency_max by what stands above the function.
void read_decorators(const syntax::Node& function, const SourceFile& file, Signature& out,
                     Faults& faults);

}  // namespace cogbuild::schema
