#pragma once

#include <cogbuild/error/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::config {

// A place in a text; lines and columns (in bytes) count from 1.
struct Mark {
  std::size_t line = 0;
  std::size_t column = 0;
};

// The text of one file, able to say where things stand in it.
class SourceText {
 public:
  // Removes a byte order mark. Error: config, for text that is not UTF-8 or holds control
  // characters (YAML 1.2, "Character Set"), so that the parser behind never meets either.
  static Result<SourceText> create(std::string file, std::string text);

  [[nodiscard]] const std::string& text() const { return text_; }
  // Lines of more than 400 bytes are left out of the location: nobody reads them in a terminal.
  [[nodiscard]] SourceLocation at(Mark mark) const;
  // The text from a place on; empty behind the end.
  [[nodiscard]] std::string_view from(Mark mark) const;
  // Where the last line that is not blank ends.
  [[nodiscard]] Mark end() const;

 private:
  SourceText(std::string file, std::string text);
  std::string file_;
  std::string text_;
  std::vector<std::size_t> line_starts_{};
};

}  // namespace cogbuild::config
