#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/io/byte_source.hpp>

#include <memory>

namespace cogbuild::compress {

enum class Form { raw, gzip, zstd };

// The uncompressed content of `source`, as it is read, and the form that its first bytes show. gzip
// may have many members (their checksums are verified), zstd many frames (window of at most 128
// MiB). `source` is read to its end, so that one that verifies sees every byte. Errors of the
// result's `read`: integrity (damaged, cut short, followed by something else), and those of
// `source`.
struct Decompressed {
  Form form = Form::raw;
  std::unique_ptr<io::ByteSource> content{};
};
Result<Decompressed> decompress(std::unique_ptr<io::ByteSource> source);

}  // namespace cogbuild::compress
