#include "size_text.hpp"

#include <fmt/format.h>

namespace cogbuild::project {

std::string size_text(std::uint64_t size_bytes) {
  constexpr std::uint64_t kStep = 1024;
  if (size_bytes < kStep) return fmt::format("{} byte{}", size_bytes, size_bytes == 1 ? "" : "s");
  auto value = static_cast<double>(size_bytes);
  const char* unit = "";
  for (const char* next : {"KiB", "MiB", "GiB", "TiB", "PiB"}) {
    if (value < static_cast<double>(kStep)) break;
    value /= static_cast<double>(kStep);
    unit = next;
  }
  return fmt::format("{:.1f} {}", value, unit);
}

}  // namespace cogbuild::project
