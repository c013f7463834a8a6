// room: python
#include <cogbuild/python/version.hpp>

#include <cstdint>
#include <cstdlib>
#include <string_view>

// What parses prints, and the printed form is the same version.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cogbuild;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto version = python::Version::parse(text);
  if (!version) return 0;
  const auto again = python::Version::parse(to_string(*version));
  if (!again || *again != *version || to_string(*again) != to_string(*version)) std::abort();
  if (version->is_prerelease() && !(*version < version->base()) && !version->post()) std::abort();
  return 0;
}
