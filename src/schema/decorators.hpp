#pragma once

#include "faults.hpp"
#include "source_files.hpp"

#include <cogbuild/schema/signature.hpp>

namespace cogbuild::schema {

// Sets streaming, asynchronous and concurrency_max by what stands above the function.
void read_decorators(const syntax::Node& function, const SourceFile& file, Signature& out,
                     Faults& faults);

}  // namespace cogbuild::schema
