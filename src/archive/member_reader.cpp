#include <cogbuild/archive/member_reader.hpp>
#include <cogbuild/compress/crc32.hpp>
#include <cogbuild/io/bytes.hpp>
#include <cogbuild/io/file.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::archive {

namespace {

// An archive up to this size is read whole, so that the order in which members are asked for does
// not matter. Of a larger one small members share a read, and large ones fill a buffer of their
// own.
constexpr std::uint64_t kWholeBytes = std::uint64_t{32} << 20U;
constexpr std::size_t kAheadBytes = std::size_t{16} * 1024;

}  // namespace

Result<std::span<const std::byte>> MemberReader::bytes_at(std::uint64_t wanted_offset,
                                                          std::uint64_t limit_bytes) {
  std::uint64_t offset = wanted_offset;
  if (offset < window_offset_ || offset >= window_offset_ + window_bytes_) {
    const std::uint64_t size = zip_->size_bytes();
    const bool whole = access_ == Access::all && size <= kWholeBytes;
    if (whole) offset = 0;
    const std::uint64_t wanted = whole                       ? size
                                 : limit_bytes > kAheadBytes ? io::kBufferBytes
                                                             : kAheadBytes;
    const auto count = static_cast<std::size_t>(std::min(wanted, size - offset));
    if (window_capacity_ < count) {
      window_ = std::make_unique_for_overwrite<std::byte[]>(count);
      window_capacity_ = count;
    }
    window_bytes_ = 0;
    TRY(io::read_at(zip_->file(), zip_->path(), offset, std::span(window_.get(), count)));
    window_offset_ = offset;
    window_bytes_ = count;
  }
  const auto start = static_cast<std::size_t>(wanted_offset - window_offset_);
  return std::span<const std::byte>(
      window_.get() + start,
      static_cast<std::size_t>(std::min<std::uint64_t>(window_bytes_ - start, limit_bytes)));
}

// A member that lies in the window whole.
Result<void> MemberReader::extract_small(const ZipMember& member, io::ByteSink& sink) {
  TRY_ASSIGN(const auto packed, bytes_at(member.data_offset, member.compressed_bytes));
  const auto size = static_cast<std::size_t>(member.unpacked_bytes);
  if (output_.size() < size) output_.resize(size);
  const auto content = std::span(output_).first(size);
  if (const auto done = whole_inflater_.inflate(packed, content); !done)
    return fail(Error(ErrorKind::integrity, fmt::format("`{}` in {} is damaged: {}", member.name,
                                                        zip_->name(), done.error().message())));
  if (compress::crc32(0, content) != member.crc32)
    return fail(Error(ErrorKind::integrity,
                      fmt::format("`{}` in {} does not have the size and CRC-32 of the directory",
                                  member.name, zip_->name())));
  return content.empty() ? Result<void>() : sink.write(content);
}

Result<void> MemberReader::extract(const ZipMember& member, io::ByteSink& sink,
                                   io::ByteSink* compressed) {
  if (member.deflated && compressed == nullptr && member.unpacked_bytes <= io::kBufferBytes &&
      member.compressed_bytes > 0 && member.compressed_bytes <= kAheadBytes) {
    // Only where one look gives all of it: at the window's end the general way goes on.
    TRY_ASSIGN(const auto packed, bytes_at(member.data_offset, member.compressed_bytes));
    if (packed.size() == member.compressed_bytes) return extract_small(member, sink);
  }
  const auto damaged = [&](std::string_view what) {
    return fail(
        Error(ErrorKind::integrity, fmt::format("`{}` in {} {}", member.name, zip_->name(), what)));
  };
  std::uint64_t offset = member.data_offset;
  std::uint64_t remaining = member.compressed_bytes;
  std::uint64_t produced = 0;
  std::uint32_t crc = 0;
  bool finished = !member.deflated;
  if (member.deflated) {
    inflater_.reset();
    output_.resize(io::kBufferBytes);
  }

  const auto emit = [&](std::span<const std::byte> bytes) -> Result<void> {
    produced += bytes.size();
    if (produced > member.unpacked_bytes) return damaged("is larger than it says");
    crc = compress::crc32(crc, bytes);
    return sink.write(bytes);
  };

  while (remaining > 0) {
    TRY_ASSIGN(const auto window, bytes_at(offset, remaining));
    if (compressed != nullptr) TRY(compressed->write(window));
    offset += window.size();
    remaining -= window.size();
    if (!member.deflated) {
      TRY(emit(window));
      continue;
    }
    std::span<const std::byte> pending = window;
    for (;;) {
      const auto step = inflater_.inflate(pending, output_);
      if (!step) return damaged("is damaged: " + step.error().message());
      pending = pending.subspan(step->consumed_bytes);
      TRY(emit(std::span(output_).first(step->produced_bytes)));
      finished = step->finished;
      if (finished && (!pending.empty() || remaining > 0)) return damaged("ends before its data");
      if (finished || step->produced_bytes < output_.size()) break;
    }
  }
  if (!finished || produced != member.unpacked_bytes || crc != member.crc32)
    return damaged("does not have the size and CRC-32 of the directory");
  return {};
}

}  // namespace cogbuild::archive
