#include <cogbuild/compress/zstd.hpp>
#include <cogbuild/io/file.hpp>
#include <cogbuild/weights/probe.hpp>

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace cogbuild::weights {

Result<bool> compressing_pays(const std::filesystem::path& file) {
  constexpr std::uint64_t kSamples = 16;
  constexpr std::uint64_t kSampleBytes = std::uint64_t{256} * 1024;
  constexpr std::uint64_t kHeadBytes = std::uint64_t{1} << 20U;
  constexpr double kWorthwhile = 0.95;

  TRY_ASSIGN(const io::Fd fd, io::open_for_reading(file));
  TRY_ASSIGN(const io::FileStamp stamp, io::stamp(fd, file));
  const std::uint64_t start = stamp.size_bytes > 2 * kHeadBytes ? kHeadBytes : 0;
  const std::uint64_t span = stamp.size_bytes - start;
  compress::ZstdCompressor compressor(1);
  std::vector<std::byte> buffer(static_cast<std::size_t>(std::min(kSampleBytes, span)));
  if (buffer.empty()) return false;
  std::uint64_t read = 0;
  std::uint64_t packed = 0;
  for (std::uint64_t i = 0; i < kSamples; ++i) {
    const std::uint64_t offset = start + (span - buffer.size()) / kSamples * i;
    TRY(io::read_at(fd, file, offset, buffer));
    read += buffer.size();
    packed += compressor.frame(buffer).size();
  }
  return static_cast<double>(packed) < kWorthwhile * static_cast<double>(read);
}

}  // namespace cogbuild::weights
