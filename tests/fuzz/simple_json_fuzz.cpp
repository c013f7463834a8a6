// room: pypi
#include <cogbuild/pypi/simple_index.hpp>

#include <cstdint>
#include <cstdlib>
#include <string_view>

// Whatever a server sends: file names are one path part, and no link leads to this machine.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cogbuild;
  const auto page = pypi::parse_json_page({reinterpret_cast<const char*>(data), size},
                                          *url::parse("https://user:pw@host/simple/foo/"));
  if (!page) return 0;
  for (const auto& file : page->files) {
    if (file.file_name.empty() || file.file_name.find('/') != std::string::npos) std::abort();
    if (file.url.scheme == "file") std::abort();
    if (file.url.has_credentials() && file.url.host != "host" && file.url.username == "user")
      std::abort();
  }
  return 0;
}
