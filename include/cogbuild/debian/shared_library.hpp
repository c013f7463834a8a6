#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace cogbuild::debian {

// What the loader's cache says of a shared library.
struct SharedLibrary {
  std::string soname{};  // DT_SONAME; empty: none
  std::uint32_t loader_flags = 0;
  friend bool operator==(const SharedLibrary&, const SharedLibrary&) = default;
};

// Reads a whole file as a 64-bit little-endian ELF shared object (System V ABI, chapters 4 and 5)
// for x86-64 or aarch64. Nothing: it is something else, or damaged where the name should be.
std::optional<SharedLibrary> read_shared_library(std::span<const std::byte> content);

}  // namespace cogbuild::debian
