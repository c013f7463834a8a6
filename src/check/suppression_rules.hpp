#pragma once

#include <string_view>

namespace cogbuild::check {

// The rules about comments that silence rules.
inline constexpr std::string_view kUnknownRule = "unknown-rule";
inline constexpr std::string_view kUnusedIgnore = "unused-ignore";

}  // namespace cogbuild::check
