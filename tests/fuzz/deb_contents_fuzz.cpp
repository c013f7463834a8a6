// room: debian
#include <cogbuild/debian/deb_contents.hpp>
#include <cogbuild/debian/shared_library.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>

// What is read is written as something that reads the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto contents = cogbuild::debian::parse_deb_contents(text);
  if (contents) {
    const auto again = cogbuild::debian::parse_deb_contents(to_text(*contents));
    if (!again || *again != *contents) std::abort();
  }
  (void)cogbuild::debian::parse_diversions(text, "diversions");
  (void)cogbuild::debian::read_shared_library(std::as_bytes(std::span(data, size)));
  return 0;
}
