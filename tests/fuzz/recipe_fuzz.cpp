// room: recipe
#include <cogbuild/recipe/recipe.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

// A recipe that parses prints and parses to itself again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto recipe = cogbuild::recipe::parse(text);
  if (!recipe) return 0;
  const auto again = cogbuild::recipe::parse(cogbuild::recipe::to_string(*recipe));
  if (!again || !(*again == *recipe)) std::abort();
  return 0;
}
