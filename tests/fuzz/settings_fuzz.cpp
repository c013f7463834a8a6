// room: config
#include <cogbuild/config/settings.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

// Any bytes as cogbuild.yaml: settings, or an error that can be shown; never a crash.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cogbuild;
  const io::MemoryTree project(
      {{"cogbuild.yaml", std::string(reinterpret_cast<const char*>(data), size)}});
  const auto result = config::read_settings(project);
  if (!result) {
    static_cast<void>(render(result.error()));
    return 0;
  }
  for (const auto& warning : result->warnings) static_cast<void>(render(warning));
  return 0;
}
