// room: lock
#include <cogbuild/lock/project_lock.hpp>
#include <cogbuild/lock/pylock.hpp>

#include <cstdint>
#include <cstdlib>
#include <string_view>

// Any file is read or refused, and what was read from one lock is written and read back the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cogbuild;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto project = lock::parse_project_lock(text)) {
    const auto again = lock::parse_project_lock(to_toml(*project));
    if (!again || !(*again == *project)) std::abort();
  }
  const python::Target target{.python = python::Version::parse("3.11.2").value(),
                              .architecture = "x86_64",
                              .libc = {.minor = 36}};
  (void)lock::parse_pylock(text, {.target = &target});
  const auto read = lock::parse_pylock(text);
  if (!read) return 0;
  const auto again = lock::parse_pylock(to_pylock(*read));
  if (!again || to_pylock(*again) != to_pylock(*read)) std::abort();
  return 0;
}
