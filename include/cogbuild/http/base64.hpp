#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cogbuild::http {

// RFC 4648, section 4: how credentials travel in headers and configuration files.
std::string base64_encode(std::string_view bytes);
// With or without padding; nothing when a character is not in the alphabet.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace cogbuild::http
