// room: archive
#include <cogbuild/archive/tar_reader.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

// Reads every entry; half of the data is skipped.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cogbuild::io::MemorySource source(std::string(reinterpret_cast<const char*>(data), size));
  auto reader = cogbuild::archive::TarReader::open(
      source, {.output_bytes = std::uint64_t{1} << 22, .entries = 10'000});
  if (!reader) return 0;
  for (bool skip = false;; skip = !skip) {
    const auto entry = reader->next();
    if (!entry || !*entry) return 0;
    if (skip) continue;
    std::array<std::byte, 4096> buffer{};
    for (;;) {
      const auto count = reader->read(buffer);
      if (!count) return 0;
      if (*count == 0) break;
    }
  }
}
