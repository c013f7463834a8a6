// room: python
#include <cogbuild/python/metadata.hpp>

#include <cstdint>
#include <cstdlib>
#include <string_view>

// Any METADATA is read or refused; what is read has a name, and reads the same out of its fields.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cogbuild;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto metadata = python::parse_metadata(text)) {
    if (metadata->name.empty()) std::abort();
    const auto fields = python::metadata_fields(text);
    if (!fields || python::parse_metadata(*fields) != *metadata) std::abort();
  }
  return 0;
}
