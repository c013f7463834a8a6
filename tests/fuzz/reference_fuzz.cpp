// room: image
#include <cogbuild/image/reference.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto reference = cogbuild::image::parse_reference(text);
  if (!reference) return 0;
  const auto again = cogbuild::image::parse_reference(to_string(*reference));
  if (!again || *again != *reference) std::abort();
  return 0;
}
