#pragma once

#include <cogbuild/error/error.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace cogbuild::check {

// One line of a text; lines end in LF or CR LF.
struct TextLine {
  std::size_t number = 0;   // counted from 1
  std::size_t begin = 0;    // offset of its first byte
  std::string_view text{};  // without the line end

  // Of its byte number `offset`, counted from 0.
  [[nodiscard]] SourceLocation at(const std::string& file, std::size_t offset = 0) const {
    return {.file = file, .line = number, .column = offset + 1, .line_text = std::string(text)};
  }
};

// Calls `visit` with each line. Text behind the last line end is a line if it is not empty.
template <class Visit>
void for_each_line(std::string_view text, Visit visit) {
  TextLine line;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto feed = text.find('\n', begin);
    const auto end = feed == std::string_view::npos ? text.size() : feed;
    line.number += 1;
    line.begin = begin;
    line.text = text.substr(begin, end - begin);
    if (line.text.ends_with('\r')) line.text.remove_suffix(1);
    visit(line);
    begin = end + 1;
  }
}

}  // namespace cogbuild::check
