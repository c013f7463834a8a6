// room: apt
#include <cogbuild/apt/binary_keyring.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

// Any bytes as a keyring, armoured or not.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view file(reinterpret_cast<const char*>(data), size);
  const auto keyring = cogbuild::apt::binary_keyring(file);
  if (!keyring) {
    (void)cogbuild::render(keyring.error());
    return 0;
  }
  if (keyring->empty() || keyring->size() > size) std::abort();
  return 0;
}
