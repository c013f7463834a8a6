#pragma once

#include <cogbuild/error/result.hpp>

#include <cstddef>
#include <memory>
#include <span>

namespace cogbuild::compress {

// Inflates one raw DEFLATE stream (RFC 1951) piece by piece, in constant memory.
class Inflater {
 public:
  struct Step {
    std::size_t consumed_bytes = 0;
    std::size_t produced_bytes = 0;
    bool finished = false;  // the stream's last block ended; input after it was not consumed
  };

  Inflater();
  ~Inflater();
  Inflater(Inflater&&) noexcept;
  Inflater& operator=(Inflater&&) noexcept;
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // Moves on with what fits. A step that neither consumes nor produces needs more input.
  // Error: integrity, for bytes that are no DEFLATE stream.
  Result<Step> inflate(std::span<const std::byte> input, std::span<std::byte> output);
  // Ready for a new stream.
  void reset();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cogbuild::compress
