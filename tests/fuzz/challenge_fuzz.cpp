// room: registry
#include <cogbuild/registry/challenge.hpp>
#include <cogbuild/registry/server_error.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cogbuild::registry;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const Challenge& challenge : parse_challenges(text))
    if (challenge.scheme.empty()) std::abort();
  // What a server says ends up on a terminal.
  for (const char c : to_string(parse_server_error(500, text)))
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) std::abort();
  return 0;
}
