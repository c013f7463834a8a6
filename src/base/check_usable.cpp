#include <cogbuild/base/base_image.hpp>

#include <fmt/format.h>

namespace cogbuild::base {

namespace {

// `3.11` of `3.11.2`.
std::string_view series(std::string_view version) {
  const auto first = version.find('.');
  if (first == std::string_view::npos) return version;
  return version.substr(0, version.find('.', first + 1));
}

}  // namespace

Result<void> check_usable(const BaseImage& base, std::string_view python_version) {
  const std::string_view wanted = series(python_version);
  const auto& interpreter = base.summary.interpreter;
  if (!interpreter)
    return fail(
        Error(ErrorKind::config, fmt::format("the base image `{}` has no Python", base.name))
            .hint(fmt::format("choose a base with Python {} on its PATH, such as `python:{}-slim`",
                              wanted.empty() ? "3" : wanted, wanted.empty() ? "3" : wanted)));
  const std::string_view present = series(interpreter->version);
  if (wanted.empty() || wanted == present) return {};
  return fail(Error(ErrorKind::config,
                    fmt::format("the base image `{}` has Python {}, but `python_version` is {}",
                                base.name, interpreter->version, python_version))
                  .hint(fmt::format(
                      "set `python_version: \"{}\"`, or choose a base with Python {}, such as "
                      "`python:{}-slim`",
                      present, wanted, wanted)));
}

}  // namespace cogbuild::base
