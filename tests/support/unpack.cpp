#include "unpack.hpp"

#include <zstd.h>

#include <array>
#include <cstdlib>
#include <zlib.h>

namespace cogbuild::test {

std::string gunzip(std::string_view bytes) {
  std::string out;
  std::string input(bytes);
  std::array<char, 65536> buffer{};
  z_stream stream{};
  if (inflateInit2(&stream, 31) != Z_OK) std::abort();
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  while (stream.avail_in > 0) {
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    const int status = inflate(&stream, Z_NO_FLUSH);
    out.append(buffer.data(), buffer.size() - stream.avail_out);
    if (status == Z_STREAM_END)
      inflateReset(&stream);
    else if (status != Z_OK)
      std::abort();
  }
  inflateEnd(&stream);
  return out;
}

std::string unzstd(std::string_view bytes) {
  std::string out;
  std::array<char, 65536> buffer{};
  ZSTD_DCtx* context = ZSTD_createDCtx();
  ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
  for (;;) {
    ZSTD_outBuffer output{buffer.data(), buffer.size(), 0};
    const std::size_t left = ZSTD_decompressStream(context, &output, &input);
    if (ZSTD_isError(left) != 0) std::abort();
    out.append(buffer.data(), output.pos);
    if (input.pos == input.size && output.pos < output.size) break;
  }
  ZSTD_freeDCtx(context);
  return out;
}

}  // namespace cogbuild::test
