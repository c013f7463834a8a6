#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/python/version.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cogbuild::python {

struct Libc {
  enum class Kind { glibc, musl };
  Kind kind = Kind::glibc;
  std::uint64_t major = 2;
  std::uint64_t minor = 0;

  // `glibc 2.36`, `musl 1.2`. Error: config.
  static Result<Libc> parse(std::string_view text);
  friend bool operator==(const Libc&, const Libc&) = default;
};

std::string to_string(const Libc& libc);

// What distributions are chosen for: one CPython on one Linux. The host's own Python is never
// asked.
struct Target {
  Version python{};                     // with the patch level, if known: 3.11.2
  std::string architecture = "x86_64";  // as the kernel says it: x86_64, aarch64
  Libc libc{};
  bool free_threaded = false;
  friend bool operator==(const Target&, const Target&) = default;
};

// `CPython 3.11 on linux x86_64, glibc 2.36`.
std::string describe(const Target& target);

}  // namespace cogbuild::python
