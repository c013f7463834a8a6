// room: image
#include <cogbuild/image/manifest.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cogbuild::image;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto document = parse_manifest(text);
  if (!document) return 0;
  if (const auto* index = std::get_if<Index>(&*document)) (void)choose(*index, Platform{});
  // An index keeps Docker's types of its entries, so both forms print and read back as they are.
  const auto again =
      parse_manifest(std::visit([](const auto& value) { return to_json(value); }, *document));
  if (!again || *again != *document) std::abort();
  return 0;
}
