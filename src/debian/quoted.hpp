#pragma once

#include <string>
#include <string_view>

namespace cogbuild::debian {

// `text` in backticks as a message may show it: control characters replaced by `?`, cut at 120
// bytes; of what may be a URL with credentials only the part behind the last `@`.
std::string quoted(std::string_view text);

}  // namespace cogbuild::debian
