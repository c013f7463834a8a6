#pragma once

#include <cogbuild/error/error.hpp>

#include <tl/expected.hpp>

#include <utility>

namespace cogbuild {

// Anything the world or the user can cause is a Result; the day std::expected is everywhere, this
// header alone changes.
template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

}  // namespace cogbuild

#define COGBUILD_CONCAT_INNER(a, b) a##b
#define COGBUILD_CONCAT(a, b) COGBUILD_CONCAT_INNER(a, b)

// Returns the error of `expression` from the enclosing function, or goes on.
#define TRY(expression)                                       \
  do {                                                        \
    if (auto try_result = (expression); !try_result)          \
      return ::cogbuild::fail(std::move(try_result).error()); \
  } while (false)

// Declares or assigns `target` from the value of `expression`, or returns its error.
#define TRY_ASSIGN(target, expression)                                                  \
  auto COGBUILD_CONCAT(try_assign_, __LINE__) = (expression);                           \
  if (!COGBUILD_CONCAT(try_assign_, __LINE__))                                          \
    return ::cogbuild::fail(std::move(COGBUILD_CONCAT(try_assign_, __LINE__)).error()); \
  target = *std::move(COGBUILD_CONCAT(try_assign_, __LINE__))
