#include <cogbuild/compress/inflater.hpp>

#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <cstdint>
#include <limits>

namespace cogbuild::compress {

struct Inflater::State {
  // Not cleared: it is 80 KB, and isal_inflate_init sets what counts.
  inflate_state stream;  // NOLINT(cppcoreguidelines-pro-type-member-init)
};

Inflater::Inflater() : state_(std::make_unique<State>()) { isal_inflate_init(&state_->stream); }
Inflater::~Inflater() = default;
Inflater::Inflater(Inflater&&) noexcept = default;
Inflater& Inflater::operator=(Inflater&&) noexcept = default;

void Inflater::reset() { isal_inflate_reset(&state_->stream); }

Result<Inflater::Step> Inflater::inflate(std::span<const std::byte> input,
                                         std::span<std::byte> output) {
  constexpr std::size_t kMost = std::numeric_limits<std::uint32_t>::max();
  inflate_state& stream = state_->stream;
  const auto offered_in = static_cast<std::uint32_t>(std::min(input.size(), kMost));
  const auto offered_out = static_cast<std::uint32_t>(std::min(output.size(), kMost));
  // ISA-L reads through a non-const pointer but does not write there.
  stream.next_in = const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(input.data()));
  stream.avail_in = offered_in;
  stream.next_out = reinterpret_cast<std::uint8_t*>(output.data());
  stream.avail_out = offered_out;
  const int status = isal_inflate(&stream);
  if (status < 0)
    return fail(Error(ErrorKind::integrity, "compressed data is damaged (not a DEFLATE stream)"));
  const bool finished = stream.block_state == ISAL_BLOCK_FINISH;
  std::size_t unread = stream.avail_in;
  // ISA-L takes whole words ahead into its bit buffer; what the stream did not need is given back.
  if (finished) unread += static_cast<std::size_t>(std::max(stream.read_in_length, 0)) / 8;
  return Step{.consumed_bytes = unread <= offered_in ? offered_in - unread : 0,
              .produced_bytes = offered_out - stream.avail_out,
              .finished = finished};
}

}  // namespace cogbuild::compress
