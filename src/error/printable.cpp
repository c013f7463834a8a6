#include <cogbuild/error/printable.hpp>

#include <algorithm>
#include <cstddef>

namespace cogbuild {

namespace {

bool is_control(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == '\x7f';
}

// U+0080 to U+009F, among them CSI.
bool is_c1(std::string_view text, std::size_t at) {
  if (text[at] != '\xc2' || at + 1 == text.size()) return false;
  const auto second = static_cast<unsigned char>(text[at + 1]);
  return second >= 0x80 && second <= 0x9f;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool wide = is_c1(text, at);
    out += wide || is_control(text[at]) ? '?' : text[at];
    if (wide) ++at;
  }
  return out;
}

std::string printable_path(std::string_view path) {
  const auto begin = std::min(path.find_first_not_of(" \t"), path.size());
  return (path.substr(begin).starts_with("::") ? "./" : "") + printable(path);
}

std::string printable_lines(std::string_view text) {
  std::string out;
  const auto add = [&](std::string_view line) {
    out += out.empty() ? printable(line) : printable_path(line);
  };
  for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    add(text.substr(0, end));
    out += '\n';
    text.remove_prefix(end + 1);
  }
  add(text);
  return out;
}

}  // namespace cogbuild
