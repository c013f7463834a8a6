#pragma once

#include <string_view>

namespace cogbuild::plan {

// The Cog release whose image contract this is: label run.cog.version, `info.version` of the
// schema.
inline constexpr std::string_view kCogVersion = "0.22.0";

}  // namespace cogbuild::plan
