#include "excerpt.hpp"

#include "secret_text.hpp"

#include <algorithm>
#include <utility>

namespace cogbuild::check {
namespace {

constexpr std::size_t kLongestLine = 160;
constexpr std::size_t kBeforeCaret = 60;

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }

// A window of the line around the caret, both ends between characters.
void shorten(SourceLocation& location) {
  std::string& line = location.line_text;
  if (line.size() <= kLongestLine) return;
  const auto caret = std::min(location.column == 0 ? 0 : location.column - 1, line.size() - 1);
  auto begin = caret > kBeforeCaret ? caret - kBeforeCaret : 0;
  while (begin > 0 && !begins_character(line[begin])) --begin;
  auto end = std::min(begin + kLongestLine, line.size());
  while (end < line.size() && end > begin && !begins_character(line[end])) --end;
  line = line.substr(begin, end - begin);
  if (location.column > 0) location.column = caret - begin + 1;
}

// Whatever the finding is about: the line goes into logs that others read.
void hide_secrets(std::string& line) {
  for (const auto& secret : find_secrets(line))
    line.replace(secret.begin, secret.size, secret.size, '*');
}

}  // namespace

std::string excerpt(const SourceLocation& location) {
  if (location.line == 0 || location.line_text.empty()) return {};
  SourceLocation shown = location;
  hide_secrets(shown.line_text);
  shorten(shown);
  const std::string whole = render(Error(ErrorKind::config, {}).at(std::move(shown)));
  return whole.substr(whole.find('\n') + 1);
}

std::optional<std::size_t> character_column(const SourceLocation& location) {
  if (location.column == 0 || location.line_text.empty()) return std::nullopt;
  const auto& line = location.line_text;
  const auto bytes = std::min(location.column - 1, line.size());
  const auto characters = std::count_if(
      line.begin(), line.begin() + static_cast<std::ptrdiff_t>(bytes), begins_character);
  return static_cast<std::size_t>(characters) + 1;
}

}  // namespace cogbuild::check
