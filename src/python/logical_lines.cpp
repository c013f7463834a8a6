#include "logical_lines.hpp"

#include "ascii.hpp"
#include "user_info.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace cogbuild::python {
namespace {

void append_utf8(std::string& text, std::uint32_t code) {
  const auto put = [&text](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0U | (code >> 6));
    put(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    put(0xE0U | (code >> 12));
    put(0x80U | ((code >> 6) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  } else {
    put(0xF0U | (code >> 18));
    put(0x80U | ((code >> 12) & 0x3FU));
    put(0x80U | ((code >> 6) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  }
}

bool is_utf8(std::string_view text) {
  std::size_t at = 0;
  const auto byte = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  while (at < text.size()) {
    const unsigned char lead = byte(at);
    std::size_t length = lead < 0x80                   ? 1
                         : lead >= 0xC2 && lead < 0xE0 ? 2
                         : (lead & 0xF0U) == 0xE0      ? 3
                         : lead >= 0xF0 && lead < 0xF5 ? 4
                                                       : 0;
    if (length == 0 || at + length > text.size()) return false;
    for (std::size_t i = 1; i < length; ++i) {
      if ((byte(at + i) & 0xC0U) != 0x80) return false;
    }
    // Overlong forms, surrogates and code points past U+10FFFF.
    if (length > 2) {
      const unsigned char second = byte(at + 1);
      if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second >= 0xA0) ||
          (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second >= 0x90)) {
        return false;
      }
    }
    at += length;
  }
  return true;
}

std::optional<std::string> from_utf16(std::string_view bytes, bool little_endian) {
  if (bytes.size() % 2 != 0) return std::nullopt;
  std::string text;
  const auto unit = [&](std::size_t at) {
    const auto first = static_cast<unsigned char>(bytes[at]);
    const auto second = static_cast<unsigned char>(bytes[at + 1]);
    return static_cast<std::uint32_t>(little_endian ? first | (second << 8)
                                                    : (first << 8) | second);
  };
  for (std::size_t at = 0; at < bytes.size(); at += 2) {
    std::uint32_t code = unit(at);
    if (code >= 0xD800 && code < 0xE000) {
      if (code >= 0xDC00 || at + 4 > bytes.size()) return std::nullopt;
      const std::uint32_t low = unit(at + 2);
      if (low < 0xDC00 || low >= 0xE000) return std::nullopt;
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
      at += 2;
    }
    append_utf8(text, code);
  }
  return text;
}

std::string from_latin1(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) append_utf8(text, static_cast<unsigned char>(c));
  return text;
}

// `coding: NAME` or `coding=NAME` in a comment of the first two lines; PEP 263.
std::string declared_encoding(std::string_view text) {
  for (int line_number = 0; line_number < 2; ++line_number) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    const auto coding = line.find("coding");
    if (line.starts_with('#') && coding != std::string_view::npos) {
      std::string_view rest = line.substr(coding + 6);
      if (rest.starts_with(':') || rest.starts_with('=')) {
        rest = trim(rest.substr(1));
        const auto stop = std::find_if_not(rest.begin(), rest.end(), [](char c) {
          return is_alnum(c) || c == '-' || c == '_' || c == '.';
        });
        return normalize_name(rest.substr(0, static_cast<std::size_t>(stop - rest.begin())));
      }
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return {};
}

// Splits on LF, CRLF and CR.
std::vector<std::string_view> physical_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of("\r\n"), text.size());
    lines.push_back(text.substr(0, end));
    const bool crlf = text.substr(end).starts_with("\r\n");
    text.remove_prefix(std::min(end + (crlf ? 2 : 1), text.size()));
  }
  return lines;
}

bool is_comment_line(std::string_view line) { return trim(line).starts_with('#'); }

std::string_view strip_backslashes(std::string_view line) {
  while (line.starts_with('\\')) line.remove_prefix(1);
  while (line.ends_with('\\')) line.remove_suffix(1);
  return line;
}

}  // namespace

Result<std::string> decode_text(std::string_view bytes, const std::string& file) {
  const auto not_valid = [&file](std::string_view encoding) {
    return fail(Error(ErrorKind::config, fmt::format("`{}` is not valid {}", file, encoding))
                    .hint("save the file as UTF-8"));
  };
  if (bytes.starts_with(std::string_view("\xFF\xFE\0\0", 4)) ||
      bytes.starts_with(std::string_view("\0\0\xFE\xFF", 4))) {
    return fail(Error(ErrorKind::unsupported, fmt::format("`{}` is written in UTF-32", file))
                    .hint("save the file as UTF-8"));
  }
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
    auto text = from_utf16(bytes.substr(2), bytes.front() == '\xFF');
    if (!text) return not_valid("UTF-16");
    return *std::move(text);
  }
  if (bytes.starts_with("\xEF\xBB\xBF")) {
    bytes.remove_prefix(3);
  } else if (const auto encoding = declared_encoding(bytes); !encoding.empty()) {
    static constexpr std::array<std::string_view, 4> kUtf8 = {"utf-8", "utf8", "ascii", "us-ascii"};
    static constexpr std::array<std::string_view, 5> kLatin1 = {"latin-1", "latin1", "iso-8859-1",
                                                                "iso8859-1", "l1"};
    if (std::find(kLatin1.begin(), kLatin1.end(), encoding) != kLatin1.end()) {
      return from_latin1(bytes);
    }
    if (std::find(kUtf8.begin(), kUtf8.end(), encoding) == kUtf8.end()) {
      return fail(Error(ErrorKind::unsupported,
                        fmt::format("`{}` declares the encoding `{}`", file, encoding))
                      .hint("save the file as UTF-8"));
    }
  }
  if (!is_utf8(bytes)) return not_valid("UTF-8");
  return std::string(bytes);
}

std::string strip_comment(std::string_view line) {
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] != '#' || (at > 0 && !is_space(line[at - 1]))) continue;
    line = line.substr(0, at);
    break;
  }
  return std::string(trim(line));
}

std::string expand_variables(std::string_view line, const Variables& variables) {
  std::string text;
  while (true) {
    const auto start = line.find("${");
    if (start == std::string_view::npos) return text.append(line);
    const auto name_end =
        std::find_if_not(line.begin() + static_cast<std::ptrdiff_t>(start) + 2, line.end(),
                         [](char c) { return is_upper(c) || is_digit(c) || c == '_'; });
    const auto end = static_cast<std::size_t>(name_end - line.begin());
    const std::string name(line.substr(start + 2, end - start - 2));
    const auto value = variables.find(name);
    const bool is_reference = !name.empty() && end < line.size() && line[end] == '}';
    if (is_reference && value != variables.end() && !value->second.empty()) {
      text.append(line.substr(0, start)).append(value->second);
    } else {
      text.append(line.substr(0, is_reference ? end + 1 : end));
    }
    line.remove_prefix(is_reference ? end + 1 : end);
  }
}

std::vector<LogicalLine> logical_lines(std::string_view text, const std::string& file,
                                       const Variables& variables) {
  std::vector<LogicalLine> logical;
  std::string joined;
  std::size_t first = 0;  // number of the joined line's first physical line; 0: none begun
  const auto lines = physical_lines(text);
  const auto finish = [&] {
    std::string line = expand_variables(strip_comment(joined), variables);
    if (!line.empty()) {
      const std::string_view first_line = lines[first - 1];
      const auto column = std::find_if_not(first_line.begin(), first_line.end(), is_space);
      logical.push_back(
          {.text = std::move(line),
           .location = {.file = file,
                        .line = first,
                        .column = static_cast<std::size_t>(column - first_line.begin()) + 1,
                        .line_text = without_user_info(first_line)}});
    }
    joined.clear();
    first = 0;
  };
  for (std::size_t number = 1; number <= lines.size(); ++number) {
    const std::string_view line = lines[number - 1];
    const bool comment = is_comment_line(line);
    if (first == 0) first = number;
    if (comment) joined += ' ';  // so that it is a comment wherever the join puts it
    if (!comment && line.ends_with('\\')) {
      joined += strip_backslashes(line);
      continue;
    }
    joined += line;
    finish();
  }
  if (first != 0) finish();
  return logical;
}

std::optional<std::vector<std::string>> shell_split(std::string_view text) {
  std::vector<std::string> words;
  bool in_word = false;
  char quote = '\0';
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (quote == '\0' && is_space(c)) {
      in_word = false;
      continue;
    }
    if (!in_word) words.emplace_back();
    in_word = true;
    if (c == quote) {
      quote = '\0';
    } else if (quote == '\0' && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == '\\' && quote != '\'') {
      if (++at == text.size()) return std::nullopt;
      // Between double quotes a backslash escapes only itself and the quote.
      if (quote == '"' && text[at] != '"' && text[at] != '\\') words.back() += '\\';
      words.back() += text[at];
    } else {
      words.back() += c;
    }
  }
  if (quote != '\0') return std::nullopt;
  return words;
}

}  // namespace cogbuild::python
