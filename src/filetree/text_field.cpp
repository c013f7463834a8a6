#include <cogbuild/filetree/text_field.hpp>

#include <fmt/format.h>

namespace cogbuild::filetree {

void append_field(std::string& text, std::string_view field) {
  constexpr std::string_view kSpecial = "\\\t\n\r";
  for (;;) {
    const auto special = field.find_first_of(kSpecial);
    text += field.substr(0, special);
    if (special == std::string_view::npos) return;
    switch (field[special]) {
      case '\t':
        text += "\\t";
        break;
      case '\n':
        text += "\\n";
        break;
      case '\r':
        text += "\\r";
        break;
      default:
        text += "\\\\";
    }
    field.remove_prefix(special + 1);
  }
}

Result<std::string> parse_field(std::string_view text) {
  auto backslash = text.find('\\');
  if (backslash == std::string_view::npos) return std::string(text);
  std::string field;
  field.reserve(text.size());
  while (backslash != std::string_view::npos) {
    field += text.substr(0, backslash);
    const char letter = backslash + 1 < text.size() ? text[backslash + 1] : '\0';
    switch (letter) {
      case '\\':
        field += '\\';
        break;
      case 't':
        field += '\t';
        break;
      case 'n':
        field += '\n';
        break;
      case 'r':
        field += '\r';
        break;
      default:
        return fail(Error(ErrorKind::integrity, fmt::format("`{}` holds an unknown escape", text)));
    }
    text.remove_prefix(backslash + 2);
    backslash = text.find('\\');
  }
  field += text;
  return field;
}

std::string_view take_until(std::string_view& text, char separator) {
  const auto end = text.find(separator);
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return taken;
}

}  // namespace cogbuild::filetree
