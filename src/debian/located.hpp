#pragma once

#include <cogbuild/error/error.hpp>

#include <string>
#include <string_view>

namespace cogbuild::debian {

// ErrorKind::config at a line of `origin`. The line itself is not shown: it may hold credentials,
// or be as long as it likes.
inline Error located(std::string message, std::string_view origin, std::size_t line) {
  return Error(ErrorKind::config, std::move(message))
      .at({.file = std::string(origin), .line = line});
}

}  // namespace cogbuild::debian
