#include "source_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cogbuild::config {

namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// The length of the UTF-8 character at the front of `rest`; 0: there is none (Unicode, table 3-7).
std::size_t utf8_length(std::string_view rest) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(rest[i]); };
  const auto continued = [&](std::size_t count, std::uint8_t low, std::uint8_t high) {
    if (rest.size() < count || byte(1) < low || byte(1) > high) return std::size_t{0};
    for (std::size_t i = 2; i < count; ++i)
      if ((byte(i) & 0xc0) != 0x80) return std::size_t{0};
    return count;
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

bool is_control(char c) {
  const auto byte = static_cast<std::uint8_t>(c);
  return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7f;
}

struct BadByte {
  std::size_t offset = 0;
  std::string message{};
};

std::optional<BadByte> find_bad_byte(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text.substr(i));
    const auto byte = static_cast<std::uint8_t>(text[i]);
    if (length == 0) return BadByte{i, fmt::format("byte 0x{:02x} is not UTF-8 text", byte)};
    if (length == 1 && is_control(text[i]))
      return BadByte{i, fmt::format("control character 0x{:02x} is not allowed in YAML", byte)};
    i += length;
  }
  return std::nullopt;
}

}  // namespace

SourceText::SourceText(std::string file, std::string text)
    : file_(std::move(file)), text_(std::move(text)) {
  line_starts_.push_back(0);
  for (std::size_t i = 0; i < text_.size(); ++i)
    if (text_[i] == '\n') line_starts_.push_back(i + 1);
}

Result<SourceText> SourceText::create(std::string file, std::string text) {
  if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
  const auto bad = find_bad_byte(text);
  SourceText source(std::move(file), std::move(text));
  if (!bad) return source;
  const auto next = std::ranges::upper_bound(source.line_starts_, bad->offset);
  const auto line = static_cast<std::size_t>(next - source.line_starts_.begin());
  SourceLocation location{.file = source.file_,
                          .line = line,
                          .column = bad->offset - source.line_starts_[line - 1] + 1};
  return fail(Error(ErrorKind::config, bad->message)
                  .at(std::move(location))
                  .hint("save the file as UTF-8 text"));
}

SourceLocation SourceText::at(Mark mark) const {
  constexpr std::size_t kLongestLine = 400;
  SourceLocation location{.file = file_, .line = mark.line, .column = mark.column};
  if (mark.line == 0 || mark.line > line_starts_.size()) return location;
  const std::size_t begin = line_starts_[mark.line - 1];
  const std::size_t end = std::min(text_.find('\n', begin), text_.size());
  if (end - begin > kLongestLine) return location;
  location.line_text = text_.substr(begin, end - begin);
  if (location.line_text.ends_with('\r')) location.line_text.pop_back();
  return location;
}

}  // namespace cogbuild::config
