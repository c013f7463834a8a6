#include <cogbuild/python/toml_shape.hpp>

#include <cstddef>

namespace cogbuild::python {
namespace {

// Finds the end of the string that starts at `at`, in TOML's four kinds; text.size() when it has
// none.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const bool is_basic = quote == '"';
  const bool is_long = text.substr(at, 3) == std::string_view(is_basic ? "\"\"\"" : "'''");
  at += is_long ? 3 : 1;
  while (at < text.size()) {
    if (is_basic && text[at] == '\\') {
      at += 2;
      continue;
    }
    if (!is_long && text[at] == '\n') return at;
    if (text[at] != quote) {
      ++at;
      continue;
    }
    if (!is_long) return at + 1;
    if (text.substr(at, 3) == std::string_view(is_basic ? "\"\"\"" : "'''")) {
      // One or two quotes right before the end belong to the string.
      at += 3;
      for (int more = 0; more < 2 && at < text.size() && text[at] == quote; ++more) ++at;
      return at;
    }
    ++at;
  }
  return text.size();
}

}  // namespace

// The separators of a key stand outside of strings, on one line. Real files have few of them there,
// so what exceeds a handful per line is bounded over the whole document.
bool toml_nests_too_deeply(std::string_view text) {
  constexpr std::size_t kDotsPerLine = 32;
  constexpr std::size_t kDotsBeyond = 2048;
  std::size_t beyond = 0;
  std::size_t dots = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"' || c == '\'') {
      at = end_of_string(text, at);
      continue;
    }
    if (c == '#') {
      const auto end = text.find('\n', at);
      at = end == std::string_view::npos ? text.size() : end;
      continue;
    }
    if (c == '\n') dots = 0;
    if (c == '.' && ++dots > kDotsPerLine && ++beyond > kDotsBeyond) return true;
    ++at;
  }
  return false;
}

}  // namespace cogbuild::python
