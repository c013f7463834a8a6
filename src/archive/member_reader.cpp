#include <cogbuild/archive/member_reader.hpp>
#include <cogbuild/compress/crc32.hpp>
#include <cogbuild/io/bytes.hpp>
#include <cogbuild/io/file.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::archive {

namespace {

// Small members share a read; large ones fill a buffer of their own.
constexpr std::size_t kAheadBytes = std::size_t{64} * 1024;

}  // namespace

Result<std::span<const std::byte>> MemberReader::bytes_at(std::uint64_t offset,
                                                          std::uint64_t limit_bytes) {
  if (offset < window_offset_ || offset >= window_offset_ + window_bytes_) {
    const std::size_t wanted = limit_bytes > kAheadBytes ? io::kBufferBytes : kAheadBytes;
    window_.resize(std::max(window_.size(), wanted));
    window_bytes_ = 0;
    TRY_ASSIGN(const io::FileStamp stamp, io::stamp(zip_->file(), zip_->path()));
    if (offset >= stamp.size_bytes)
      return fail(Error(ErrorKind::integrity, fmt::format("{} became shorter", zip_->name())));
    const auto count =
        static_cast<std::size_t>(std::min<std::uint64_t>(wanted, stamp.size_bytes - offset));
    TRY(io::read_at(zip_->file(), zip_->path(), offset, std::span(window_).first(count)));
    window_offset_ = offset;
    window_bytes_ = count;
  }
  const auto start = static_cast<std::size_t>(offset - window_offset_);
  return std::span<const std::byte>(window_).subspan(
      start, static_cast<std::size_t>(std::min<std::uint64_t>(window_bytes_ - start, limit_bytes)));
}

Result<void> MemberReader::extract(const ZipMember& member, io::ByteSink& sink,
                                   io::ByteSink* compressed) {
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
