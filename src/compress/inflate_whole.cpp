#include <cogbuild/compress/inflate_whole.hpp>

#include <libdeflate.h>

#include <cstdlib>

namespace cogbuild::compress {

struct WholeInflater::State {
  struct Free {
    void operator()(libdeflate_decompressor* made) const { libdeflate_free_decompressor(made); }
  };
  std::unique_ptr<libdeflate_decompressor, Free> handle{libdeflate_alloc_decompressor()};
};

WholeInflater::WholeInflater() : state_(std::make_unique<State>()) {
  if (!state_->handle) std::abort();  // out of memory
}
WholeInflater::~WholeInflater() = default;
WholeInflater::WholeInflater(WholeInflater&&) noexcept = default;
WholeInflater& WholeInflater::operator=(WholeInflater&&) noexcept = default;

Result<void> WholeInflater::inflate(std::span<const std::byte> input, std::span<std::byte> output) {
  std::size_t consumed = 0;
  std::size_t produced = 0;
  const auto status =
      libdeflate_deflate_decompress_ex(state_->handle.get(), input.data(), input.size(),
                                       output.data(), output.size(), &consumed, &produced);
  if (status == LIBDEFLATE_BAD_DATA)
    return fail(Error(ErrorKind::integrity, "compressed data is damaged (not a DEFLATE stream)"));
  if (status != LIBDEFLATE_SUCCESS || consumed != input.size() || produced != output.size())
    return fail(Error(ErrorKind::integrity, "compressed data does not have the size it should"));
  return {};
}

}  // namespace cogbuild::compress
