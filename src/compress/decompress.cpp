#include <cogbuild/compress/decompress.hpp>
#include <cogbuild/io/bytes.hpp>

#include <isa-l/igzip_lib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace cogbuild::compress {

namespace {

// A source whose first bytes were looked at.
class Input {
 public:
  explicit Input(std::unique_ptr<io::ByteSource> source) : source_(std::move(source)) {}

  [[nodiscard]] std::span<const std::byte> bytes() const {
    return std::as_bytes(std::span(buffer_.data(), buffer_.size())).subspan(begin_, end_ - begin_);
  }
  void consume(std::size_t count) { begin_ += count; }

  // Reads on until there are `count` bytes or the source ends.
  Result<void> fill(std::size_t count) {
    while (end_ - begin_ < count && !ended_) {
      if (begin_ == end_) begin_ = end_ = 0;
      const auto window =
          std::as_writable_bytes(std::span(buffer_.data(), buffer_.size())).subspan(end_);
      TRY_ASSIGN(const std::size_t read, source_->read(window));
      ended_ = read == 0;
      end_ += read;
    }
    return {};
  }

 private:
  std::unique_ptr<io::ByteSource> source_;
  std::string buffer_ = std::string(io::kBufferBytes, '\0');
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool ended_ = false;
};

Error damaged(std::string_view reason) {
  return {ErrorKind::integrity, "compressed data is damaged: " + std::string(reason)};
}

class RawSource final : public io::ByteSource {
 public:
  explicit RawSource(Input input) : input_(std::move(input)) {}

  Result<std::size_t> read(std::span<std::byte> buffer) override {
    if (buffer.empty()) return std::size_t{0};
    TRY(input_.fill(1));
    const std::size_t count = std::min(buffer.size(), input_.bytes().size());
    if (count > 0) std::memcpy(buffer.data(), input_.bytes().data(), count);
    input_.consume(count);
    return count;
  }

 private:
  Input input_;
};

// RFC 1952. ISA-L reads headers and trailers too and verifies checksum and length: in this mode it
// takes no byte beyond a member's end, wherever the pieces of input are cut.
class GzipSource final : public io::ByteSource {
 public:
  explicit GzipSource(Input input) : input_(std::move(input)) { begin_member(); }

  Result<std::size_t> read(std::span<std::byte> buffer) override {
    if (buffer.empty()) return std::size_t{0};
    for (;;) {
      TRY(input_.fill(1));
      const auto piece = input_.bytes();
      if (finished_) {
        if (piece.empty()) return std::size_t{0};
        begin_member();
      }
      if (piece.empty()) return fail(damaged("it ends early"));
      TRY_ASSIGN(const std::size_t produced, inflate(piece, buffer));
      if (produced > 0) return produced;
    }
  }

 private:
  void begin_member() {
    isal_inflate_init(&stream_);
    stream_.crc_flag = ISAL_GZIP;
    finished_ = false;
  }

  Result<std::size_t> inflate(std::span<const std::byte> piece, std::span<std::byte> buffer) {
    constexpr std::size_t kMostBytes = std::size_t{1} << 30;
    const auto offered = static_cast<std::uint32_t>(std::min(piece.size(), kMostBytes));
    const auto room = static_cast<std::uint32_t>(std::min(buffer.size(), kMostBytes));
    // ISA-L reads through a non-const pointer but does not write there.
    stream_.next_in =
        const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(piece.data()));
    stream_.avail_in = offered;
    stream_.next_out = reinterpret_cast<std::uint8_t*>(buffer.data());
    stream_.avail_out = room;
    const int status = isal_inflate(&stream_);
    if (status == ISAL_INCORRECT_CHECKSUM) return fail(damaged("a checksum does not fit"));
    if (status < 0 || status == ISAL_NEED_DICT) return fail(damaged("it is no gzip stream"));
    finished_ = stream_.block_state == ISAL_BLOCK_FINISH;
    const std::size_t consumed = offered - stream_.avail_in;
    const std::size_t produced = room - stream_.avail_out;
    if (consumed == 0 && produced == 0 && !finished_) return fail(damaged("it is no gzip stream"));
    input_.consume(consumed);
    return produced;
  }

  Input input_;
  inflate_state stream_{};
  bool finished_ = false;
};

struct FreeStream {
  void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
};

class ZstdSource final : public io::ByteSource {
 public:
  explicit ZstdSource(Input input) : input_(std::move(input)), stream_(ZSTD_createDStream()) {
    if (!stream_) throw std::bad_alloc();
    constexpr int kMostWindowLog = 27;
    ZSTD_DCtx_setParameter(stream_.get(), ZSTD_d_windowLogMax, kMostWindowLog);
  }

  Result<std::size_t> read(std::span<std::byte> buffer) override {
    if (buffer.empty()) return std::size_t{0};
    for (;;) {
      if (!output_pending_) TRY(input_.fill(1));
      const auto piece = input_.bytes();
      if (piece.empty() && !output_pending_) {
        if (in_frame_) return fail(damaged("it ends early"));
        return std::size_t{0};
      }
      ZSTD_inBuffer in{.src = piece.data(), .size = piece.size(), .pos = 0};
      ZSTD_outBuffer out{.dst = buffer.data(), .size = buffer.size(), .pos = 0};
      const std::size_t status = ZSTD_decompressStream(stream_.get(), &out, &in);
      if (ZSTD_isError(status) != 0) return fail(damaged(ZSTD_getErrorName(status)));
      input_.consume(in.pos);
      in_frame_ = status != 0;
      // A full buffer may mean that more is ready without any more input.
      output_pending_ = in_frame_ && out.pos == out.size;
      if (out.pos > 0) return out.pos;
    }
  }

 private:
  Input input_;
  std::unique_ptr<ZSTD_DStream, FreeStream> stream_;
  bool in_frame_ = false;
  bool output_pending_ = false;
};

}  // namespace

Result<Decompressed> decompress(std::unique_ptr<io::ByteSource> source) {
  Input input(std::move(source));
  TRY(input.fill(4));
  const std::string_view head = io::text(input.bytes());
  if (head.starts_with("\x1f\x8b"))
    return Decompressed{Form::gzip, std::make_unique<GzipSource>(std::move(input))};
  // The last four bits of a skippable frame's magic number vary (RFC 8878, section 3.1.2).
  const bool skippable = head.size() >= 4 && head.substr(1, 3) == "\x2a\x4d\x18" &&
                         (static_cast<unsigned char>(head[0]) & 0xf0U) == 0x50U;
  if (head.starts_with("\x28\xb5\x2f\xfd") || skippable)
    return Decompressed{Form::zstd, std::make_unique<ZstdSource>(std::move(input))};
  return Decompressed{Form::raw, std::make_unique<RawSource>(std::move(input))};
}

}  // namespace cogbuild::compress
