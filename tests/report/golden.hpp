#pragma once

#include <cogbuild/io/file.hpp>

#include <cstdlib>
#include <string>

// Whether `actual` is the content of the golden file; COGBUILD_ACCEPT=1 makes it so.
inline bool matches_golden(const std::string& name, const std::string& actual) {
  const auto path = std::filesystem::path(COGBUILD_TEST_DATA) / name;
  if (std::getenv("COGBUILD_ACCEPT") != nullptr)
    return cogbuild::io::write_atomically(path, actual).has_value();
  const auto expected = cogbuild::io::read_file(path);
  return expected && *expected == actual;
}
