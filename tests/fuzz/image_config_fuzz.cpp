// room: image
#include <cogbuild/image/image_config.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cogbuild::image;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto config = parse_image_config(text);
  if (!config) return 0;
  const auto again = parse_image_config(to_json(*config));
  if (!again || *again != *config) std::abort();
  return 0;
}
