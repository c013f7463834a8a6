// room: archive
#include <cogbuild/archive/ranged_member.hpp>

#include <cstdint>
#include <cstdlib>
#include <string>

// Any archive gives a member within the limit or an error, and is asked for nothing past its end.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cogbuild;
  constexpr std::uint64_t kLimitBytes = 4096;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const auto content = archive::read_ranged_member(
      {.name = "x.whl",
       .size_bytes = bytes.size(),
       .read = [&](std::uint64_t offset, std::uint64_t count) -> Result<std::string> {
         if (offset > bytes.size() || count > bytes.size() - offset) std::abort();
         return bytes.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(count));
       }},
      [](std::string_view name) { return name.ends_with("METADATA"); }, kLimitBytes);
  if (content && content->size() > kLimitBytes) std::abort();
  return 0;
}
