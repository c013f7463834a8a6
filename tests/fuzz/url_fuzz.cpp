// room: url
#include <cogbuild/url/url.hpp>

#include <cstdint>
#include <cstdlib>
#include <string_view>

// What parses prints, and the printed form parses to the same URL without user-info and fragment.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cogbuild;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto check = [](url::Url url) {
    url.username = url.password = url.fragment = {};
    const auto again = url::parse(url::to_string(url));
    if (!again || *again != url) std::abort();
    (void)url::to_display(url);
    if (url.file_name().find('/') != std::string::npos) std::abort();
  };
  if (const auto url = url::parse(text)) check(*url);
  const auto base = url::parse("https://user:pw@host/a/b/?q");
  if (const auto url = url::resolve(*base, text)) check(*url);
  return 0;
}
