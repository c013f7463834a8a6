#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::lock {

// TOML 1.0 text, one way to write each value.

// A basic string; bytes that are no UTF-8 become U+FFFD.
std::string quoted(std::string_view text);

// `key = value`, joined by what the place asks for: lines of a table, or parts of an inline one.
class TomlFields {
 public:
  void add(std::string_view key, std::string_view raw_value);
  void text(std::string_view key, std::string_view value) { add(key, quoted(value)); }
  // Nothing when the text is empty.
  void text_if(std::string_view key, std::string_view value) {
    if (!value.empty()) text(key, value);
  }
  void boolean(std::string_view key, bool value) { add(key, value ? "true" : "false"); }
  // An array over several lines, an element each; of one element on one line.
  void list(std::string_view key, const std::vector<std::string>& raw_values);
  void texts_if(std::string_view key, const std::vector<std::string>& values);

  [[nodiscard]] bool empty() const { return fields_.empty(); }
  [[nodiscard]] std::string lines() const;         // each ends in LF
  [[nodiscard]] std::string inline_table() const;  // `{ a = 1, b = 2 }`

 private:
  std::vector<std::string> fields_{};
};

}  // namespace cogbuild::lock
