// room: config
#include <cogbuild/config/config.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

// Any bytes as cog.yaml: an error or a config whose label can be written, never a crash.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cogbuild;
  const io::MemoryTree project(
      {{"cog.yaml", std::string(reinterpret_cast<const char*>(data), size)},
       {"requirements.txt", ""}});
  const auto result = config::read(project, "cog.yaml");
  if (result) {
    static_cast<void>(config::to_label_json(result->config));
    static_cast<void>(config::check_entry_points(project, result->config));
  } else {
    static_cast<void>(render(result.error()));
  }
  return 0;
}
