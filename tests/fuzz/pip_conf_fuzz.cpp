// room: pypi
#include <cogbuild/pypi/index_config.hpp>

#include <cstdint>
#include <string>

// The same text as pip.conf and as netrc: a choice or an error, never a crash.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cogbuild;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto config = pypi::choose_indexes(
      {},
      {.pip_files = {{"pip.conf", text}}, .netrc = text, .default_index = "https://host/simple/"});
  (void)config;
  return 0;
}
