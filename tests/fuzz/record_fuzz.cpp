// room: python
#include <cogbuild/python/record.hpp>

#include <cstdint>
#include <cstdlib>
#include <string_view>

// What parses prints, and the printed rows are the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cogbuild;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto entries = python::parse_record(text);
  if (!entries) return 0;
  const auto again = python::parse_record(python::to_record_text(*entries));
  if (!again || *again != *entries) std::abort();
  return 0;
}
