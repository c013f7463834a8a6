#pragma once

#include <cstdint>
#include <string>

namespace cogbuild::project {

// `135 bytes`, `1.5 MiB`, `4.0 GiB`.
std::string size_text(std::uint64_t size_bytes);

}  // namespace cogbuild::project
