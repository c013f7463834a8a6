#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cogbuild::registry {

// RFC 4648, section 4.
std::string base64_encode(std::string_view bytes);
// With or without padding; nothing when a character is not in the alphabet.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace cogbuild::registry
