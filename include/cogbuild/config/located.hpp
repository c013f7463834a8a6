#pragma once

#include <cogbuild/error/error.hpp>

#include <utility>

namespace cogbuild::config {

// A value with the place in the user's file it came from.
template <class T>
struct Located {
  T value{};
  SourceLocation location{};

  const T* operator->() const { return &value; }
  const T& operator*() const { return value; }
  friend bool operator==(const Located&, const Located&) = default;
};

}  // namespace cogbuild::config
