// room: python
#include <cogbuild/python/requirement.hpp>

#include <cstdint>
#include <cstdlib>
#include <string_view>

// What parses prints, and the printed form is the same requirement.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cogbuild;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto requirement = python::Requirement::parse(text);
  if (!requirement) return 0;
  if (requirement->url.find("://") != std::string::npos) return 0;  // printed without user-info
  const auto again = python::Requirement::parse(to_string(*requirement));
  if (!again || *again != *requirement) std::abort();
  return 0;
}
