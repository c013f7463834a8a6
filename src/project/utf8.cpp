#include <cogbuild/project/utf8.hpp>

#include <fmt/format.h>

#include <cstdint>
#include <iterator>

namespace cogbuild::project {

std::size_t utf8_length(std::string_view text) {
  if (text.empty()) return 0;
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  // The second byte has its own bounds: they rule out overlong forms, surrogates and values beyond
  // Unicode.
  const auto continued = [&](std::size_t length, std::uint8_t low, std::uint8_t high) {
    if (text.size() < length || byte(1) < low || byte(1) > high) return std::size_t{0};
    for (std::size_t i = 2; i < length; ++i)
      if ((byte(i) & 0xc0) != 0x80) return std::size_t{0};
    return length;
  };
  const std::uint8_t first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return continued(2, 0x80, 0xbf);
  if (first == 0xe0) return continued(3, 0xa0, 0xbf);
  if (first == 0xed) return continued(3, 0x80, 0x9f);
  if (first >= 0xe1 && first <= 0xef) return continued(3, 0x80, 0xbf);
  if (first == 0xf0) return continued(4, 0x90, 0xbf);
  if (first >= 0xf1 && first <= 0xf3) return continued(4, 0x80, 0xbf);
  if (first == 0xf4) return continued(4, 0x80, 0x8f);
  return 0;
}

bool is_control(char byte) {
  const auto value = static_cast<std::uint8_t>(byte);
  return value < 0x20 || value == 0x7f;
}

std::string escape(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0 || is_control(text.front())) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<std::uint8_t>(text.front()));
      text.remove_prefix(1);
    } else {
      out += text.substr(0, length);
      text.remove_prefix(length);
    }
  }
  return out;
}

}  // namespace cogbuild::project
