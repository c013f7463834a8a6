#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

// Lines and words of the texts that configuring reads: ASCII, whatever the locale.
namespace cogbuild::configure {

constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

constexpr std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// Takes the first line off `rest`, without its LF.
constexpr std::string_view next_line(std::string_view& rest) {
  std::size_t end = rest.find('\n');
  if (end == std::string_view::npos) end = rest.size();
  const auto line = rest.substr(0, end);
  rest.remove_prefix(end == rest.size() ? end : end + 1);
  return line;
}

// The parts between separators, empty ones too: `a::b` has three.
inline std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

inline std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> found;
  while (true) {
    text = trim(text);
    if (text.empty()) return found;
    std::size_t end = 0;
    while (end < text.size() && !is_blank(text[end])) ++end;
    found.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

}  // namespace cogbuild::configure
