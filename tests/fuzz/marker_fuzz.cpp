// room: python
#include <cogbuild/python/marker.hpp>

#include <cstdint>
#include <cstdlib>
#include <string_view>

// What parses prints, and the printed form is the same condition.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cogbuild;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto marker = python::Marker::parse(text);
  if (!marker) return 0;
  const auto again = python::Marker::parse(to_string(*marker));
  if (!again || *again != *marker) std::abort();
  const auto environment =
      python::MarkerEnvironment::of({.python = *python::Version::parse("3.11.9")});
  if (marker->evaluate(environment, std::string_view("gpu")) !=
      again->evaluate(environment, std::string_view("gpu")))
    std::abort();
  return 0;
}
