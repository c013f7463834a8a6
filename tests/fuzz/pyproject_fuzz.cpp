// room: python
#include <cogbuild/python/static_metadata.hpp>

#include <cstdint>
#include <cstdlib>
#include <string_view>

// Any pyproject.toml is read or refused, and what is static makes METADATA that says the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cogbuild;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto project = python::parse_pyproject(text);
  if (!project || !*project) return 0;
  const auto version = (*project)->version.value_or(python::Version());
  const auto metadata = python::parse_metadata(python::to_metadata(**project, version));
  if (!metadata) return 0;  // an extra's marker may pass a bound that its requirement just met
  if (metadata->name != (*project)->name || metadata->version != version) std::abort();
  std::size_t requirements = (*project)->dependencies.size();
  for (const auto& [extra, listed] : (*project)->optional_dependencies)
    requirements += listed.size();
  if (metadata->requires_dist.size() != requirements) std::abort();
  return 0;
}
