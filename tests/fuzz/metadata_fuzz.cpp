// room: python
#include <cogbuild/python/metadata.hpp>

#include <cstdint>
#include <cstdlib>
#include <string_view>

// Any METADATA is read or refused, and what is read has a name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cogbuild;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto metadata = python::parse_metadata(text)) {
    if (metadata->name.empty()) std::abort();
  }
  return 0;
}
