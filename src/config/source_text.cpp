#include "source_text.hpp"

#include <cogbuild/project/utf8.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>

namespace cogbuild::config {

namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

bool is_forbidden(char c) { return project::is_control(c) && c != '\t' && c != '\n' && c != '\r'; }

struct BadByte {
  std::size_t offset = 0;
  std::string message{};
};

std::optional<BadByte> find_bad_byte(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = project::utf8_length(text.substr(i));
    const auto byte = static_cast<std::uint8_t>(text[i]);
    if (length == 0) return BadByte{i, fmt::format("byte 0x{:02x} is not UTF-8 text", byte)};
    if (is_forbidden(text[i]))
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

std::string_view SourceText::from(Mark mark) const {
  if (mark.line == 0 || mark.line > line_starts_.size()) return {};
  const std::size_t offset = line_starts_[mark.line - 1] + mark.column - 1;
  return std::string_view(text_).substr(std::min(offset, text_.size()));
}

Mark SourceText::end() const {
  const auto last = text_.find_last_not_of(" \t\r\n");
  if (last == std::string::npos) return {.line = 1, .column = 1};
  const auto next = std::ranges::upper_bound(line_starts_, last);
  return {.line = static_cast<std::size_t>(next - line_starts_.begin()),
          .column = last - *std::prev(next) + 2};
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
