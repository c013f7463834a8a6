#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/io/byte_source.hpp>

#include <memory>

namespace cogbuild::archive {

// The uncompressed content of an xz file (one stream or several), as it is read. Errors, of this or
// of the result's `read`: integrity (no xz file, damaged, cut short), and those of `source`.
Result<std::unique_ptr<io::ByteSource>> xz_source(std::unique_ptr<io::ByteSource> source);

}  // namespace cogbuild::archive
