#pragma once

#include <cogbuild/archive/zip_directory.hpp>
#include <cogbuild/compress/inflate_whole.hpp>
#include <cogbuild/compress/inflater.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/io/byte_sink.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace cogbuild::archive {

// Streams members of one archive, one after another. Buffers and the inflater's state are kept
// between members, and neighbours are read together: a wheel of 30,000 small files costs neither a
// system call nor an allocation for each. The directory must outlive it; one thread at a time.
class MemberReader {
 public:
  // `all`: most members will be read, in any order; an archive of moderate size is then read whole.
  enum class Access { few, all };
  MemberReader(const ZipDirectory& zip, Access access) : zip_(&zip), access_(access) {}

  // The member's content into `sink`; its size and CRC-32 are checked. `compressed`, when given,
  // sees the bytes as they lie in the archive. Errors: integrity, io, and those of the sinks.
  Result<void> extract(const ZipMember& member, io::ByteSink& sink,
                       io::ByteSink* compressed = nullptr);

 private:
  // The archive's bytes from `offset` on, at most `limit_bytes` and at least one; valid until the
  // next call.
  Result<std::span<const std::byte>> bytes_at(std::uint64_t offset, std::uint64_t limit_bytes);

  Result<void> extract_small(const ZipMember& member, io::ByteSink& sink);

  const ZipDirectory* zip_;
  Access access_;
  compress::Inflater inflater_{};
  compress::WholeInflater whole_inflater_{};
  std::unique_ptr<std::byte[]> window_{};
  std::size_t window_capacity_ = 0;
  std::uint64_t window_offset_ = 0;
  std::size_t window_bytes_ = 0;
  std::vector<std::byte> output_{};
};

}  // namespace cogbuild::archive
