// room: project
#include <cogbuild/project/dockerignore.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

// A .dockerignore, a NUL, then a path to ask about. The walk's way of asking must agree with the
// direct one, and a directory that is passed over must not hold a path that is kept.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using cogbuild::project::IgnoreRules;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto end = input.find('\0');
  const auto rules = IgnoreRules::parse(input.substr(0, end), ".dockerignore");
  if (!rules || end == std::string_view::npos) return 0;
  const auto path = input.substr(end + 1);
  constexpr std::size_t kLongestPath = 4096;
  if (path.size() > kLongestPath) return 0;

  IgnoreRules::Matches matches;
  bool passed_over = false;
  for (auto slash = path.find('/'); slash != std::string_view::npos;
       slash = path.find('/', slash + 1)) {
    const auto directory = path.substr(0, slash);
    matches = rules->match(directory, matches);
    if (rules->ignores(matches) && !rules->may_reinclude_below(directory, matches))
      passed_over = true;
  }
  const bool ignored = rules->ignores(rules->match(path, matches));
  if (ignored != rules->ignores(path)) std::abort();
  if (passed_over && !ignored) std::abort();
  return 0;
}
