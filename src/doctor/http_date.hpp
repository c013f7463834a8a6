#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace cogbuild::doctor {

// `Sun, 06 Nov 1994 08:49:37 GMT`: RFC 9110, section 5.6.7, IMF-fixdate; nothing for other forms.
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text);

}  // namespace cogbuild::doctor
