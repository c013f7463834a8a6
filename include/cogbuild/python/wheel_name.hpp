#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/python/package_name.hpp>
#include <cogbuild/python/version.hpp>

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::python {

// `1_local` -> {1, "_local"}; no build tag is {0, ""} with present == false and sorts lowest.
struct BuildTag {
  bool present = false;
  std::uint64_t number = 0;
  std::string text{};
  friend auto operator<=>(const BuildTag&, const BuildTag&) = default;
  friend bool operator==(const BuildTag&, const BuildTag&) = default;
};

// A wheel's file name: `name-version[-build]-python-abi-platform.whl`, each tag part a `.`-list
// whose product are the wheel's tags. Binary distribution format, "File name convention".
struct WheelName {
  PackageName name{};
  Version version{};
  BuildTag build{};
  std::vector<std::string> pythons{};  // lower case, as are the other two
  std::vector<std::string> abis{};
  std::vector<std::string> platforms{};

  // Error: config.
  static Result<WheelName> parse(std::string_view file_name);
  friend bool operator==(const WheelName&, const WheelName&) = default;
};

// A source archive's file name: `name-version.tar.gz` or `.zip` (older: .tar.bz2, .tar.xz, .tgz).
struct SdistName {
  PackageName name{};
  Version version{};

  // Splits at the last `-` whose rest is a version. Error: config.
  static Result<SdistName> parse(std::string_view file_name);
  friend bool operator==(const SdistName&, const SdistName&) = default;
};

bool is_wheel_file_name(std::string_view file_name);
bool is_source_archive_file_name(std::string_view file_name);

}  // namespace cogbuild::python
