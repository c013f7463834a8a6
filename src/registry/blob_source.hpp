#pragma once

#include "transport.hpp"

#include <cogbuild/digest/digest.hpp>
#include <cogbuild/image/reference.hpp>
#include <cogbuild/io/byte_source.hpp>

#include <memory>

namespace cogbuild::registry {

// A blob from `offset` to its end, fetched a few MiB ahead of the reader, in ranges: so the http
// client's thread never waits for a reader, a broken connection costs one range, and a source that
// is dropped leaves nothing behind. Ranges go straight to where the registry redirected the first
// one, until that is refused. A server without ranges is read into an unnamed file first.
// `transport` must outlive the source. Errors: not_found, auth, network, integrity (another size).
Result<std::unique_ptr<io::ByteSource>> open_blob(Transport& transport,
                                                  const image::Reference& repository,
                                                  const digest::Digest& digest,
                                                  std::uint64_t size_bytes, std::uint64_t offset);

}  // namespace cogbuild::registry
