#include <cogbuild/lock/require_wheels.hpp>

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace cogbuild::lock {

std::string describe_source(const LockedDistribution& distribution) {
  constexpr std::size_t kShownDigits = 12;
  std::string text;
  switch (distribution.form) {
    case Form::wheel:
      return text;
    case Form::source_archive:
      text = fmt::format("source archive {}", distribution.file_name);
      break;
    case Form::version_control:
      text = fmt::format("commit {} of {}", distribution.commit.substr(0, kShownDigits),
                         distribution.location);
      break;
    case Form::directory:
      text = fmt::format("directory {}", distribution.location);
      break;
  }
  if (!distribution.subdirectory.empty())
    text += fmt::format(", subdirectory {}", distribution.subdirectory);
  return text;
}

Result<void> require_wheels(const Lock& lock) {
  std::optional<Error> all;
  for (const auto& distribution : lock.distributions) {
    if (distribution.form == Form::wheel) continue;
    Error one =
        Error(ErrorKind::unsupported,
              fmt::format("{} {} must be built from {}, and building from source is not "
                          "available yet",
                          distribution.name, distribution.version, describe_source(distribution)));
    all = all ? std::move(*all).also(std::move(one))
              : std::move(one).hint(
                    "build a wheel of it and name that wheel's path or URL, or choose a version "
                    "that has a wheel");
  }
  if (all) return fail(*std::move(all));
  return {};
}

}  // namespace cogbuild::lock
