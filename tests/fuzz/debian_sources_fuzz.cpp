// room: debian
#include <cogbuild/debian/sources.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace cogbuild;

void check(const Result<std::vector<debian::Source>>& sources) {
  if (!sources) {
    (void)render(sources.error());
    return;
  }
  for (const debian::Source& source : *sources) {
    if (source.is_flat() != source.components.empty()) std::abort();
    if (source.suite.find("/../") != std::string::npos) std::abort();
    // What is printed is one line of the other form.
    const auto again = debian::parse_sources_list("deb " + to_string(source), "again");
    if (!again || again->size() != 1 || to_string(again->front()) != to_string(source))
      std::abort();
  }
}

}  // namespace

// Any bytes as sources.list and as .sources.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(debian::parse_sources_list(text, "sources.list"));
  check(debian::parse_deb822_sources(text, "debian.sources"));
  return 0;
}
