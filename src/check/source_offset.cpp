#include "source_offset.hpp"

namespace cogbuild::check {

std::optional<std::size_t> offset_of(std::string_view text, const SourceLocation& location) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (location.line == 0 || location.column == 0) return std::nullopt;
  std::size_t begin = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  for (std::size_t line = 1; line < location.line; ++line) {
    const std::size_t feed = text.find('\n', begin);
    if (feed == std::string_view::npos) return std::nullopt;
    begin = feed + 1;
  }
  const std::size_t offset = begin + location.column - 1;
  return offset <= text.size() ? std::optional(offset) : std::nullopt;
}

std::size_t line_begin(std::string_view text, std::size_t offset) {
  if (offset == 0) return 0;
  return text.rfind('\n', offset - 1) + 1;  // npos + 1 is 0
}

std::size_t line_end(std::string_view text, std::size_t offset) {
  const std::size_t feed = text.find('\n', offset);
  return feed == std::string_view::npos ? text.size() : feed + 1;
}

}  // namespace cogbuild::check
