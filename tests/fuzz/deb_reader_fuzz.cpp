// room: archive
#include <cogbuild/archive/deb_reader.hpp>
#include <cogbuild/io/file.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>

// Reads every control file and every byte of every entry.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cogbuild;
  static const auto directory = io::TempDir::create();
  if (!directory) std::abort();
  const auto path = directory->path() / "fuzz.deb";
  if (!io::write_atomically(path, {reinterpret_cast<const char*>(data), size})) std::abort();
  auto reader = archive::DebReader::open(path);
  if (!reader) return 0;
  (void)reader->control();
  auto tar = reader->data();
  if (!tar) return 0;
  std::array<std::byte, 4096> buffer{};
  for (;;) {
    const auto entry = tar->next();
    if (!entry || !*entry) return 0;
    for (;;) {
      const auto count = tar->read(buffer);
      if (!count) return 0;
      if (*count == 0) break;
    }
  }
}
