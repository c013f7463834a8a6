// room: python
#include <cogbuild/python/requirements_file.hpp>

#include <cstdint>
#include <cstdlib>
#include <string_view>

// Any file is read or refused, and every requirement has a place.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cogbuild;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const io::MemoryTree project({{"requirements.txt", std::string(text)}, {"other.txt", "b==1"}});
  const auto file =
      python::read_requirements_file(project, "requirements.txt", {{"NAME", "x # y"}});
  if (!file) return 0;
  for (const auto& line : file->requirements) {
    if (line.location.line == 0 || line.location.column == 0) std::abort();
  }
  return 0;
}
