// room: python
#include <cogbuild/python/entry_points.hpp>

#include <cstdint>
#include <cstdlib>
#include <string_view>

// No script name leaves its directory or its line.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cogbuild;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto entries = python::parse_entry_points(text);
  if (!entries) return 0;
  for (const auto& entry : *entries) {
    if (entry.name.find_first_of("/\n") != std::string::npos || entry.module.empty()) std::abort();
  }
  return 0;
}
