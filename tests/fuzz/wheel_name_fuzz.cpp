// room: python
#include <cogbuild/python/wheel_name.hpp>

#include <cstdint>
#include <cstdlib>
#include <string_view>

// A wheel name has a name, a version and tags, or is refused.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cogbuild;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto wheel = python::WheelName::parse(text)) {
    if (wheel->pythons.empty() || wheel->abis.empty() || wheel->platforms.empty()) std::abort();
  }
  (void)python::SdistName::parse(text);
  return 0;
}
