#include "toml_writer.hpp"

#include <fmt/format.h>

namespace cogbuild::lock {
namespace {

// The length of the UTF-8 sequence at the start of `text`, 0 if there is none; RFC 3629.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [text](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto follows = [&byte](std::size_t i, unsigned least = 0x80, unsigned most = 0xBF) {
    return byte(i) >= least && byte(i) <= most;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF)
    return follows(1, first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF) && follows(2) ? 3
                                                                                              : 0;
  if (first >= 0xF0 && first <= 0xF4)
    return follows(1, first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF) && follows(2) &&
                   follows(3)
               ? 4
               : 0;
  return 0;
}

}  // namespace

std::string quoted(std::string_view text) {
  std::string result = "\"";
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    const auto first = static_cast<unsigned char>(text.front());
    if (length == 0) {
      result += "\xEF\xBF\xBD";
    } else if (first == '"' || first == '\\') {
      result += '\\';
      result += text.front();
    } else if (first < 0x20 || first == 0x7F) {
      result += fmt::format("\\u{:04X}", first);
    } else {
      result += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return result + '"';
}

void TomlFields::add(std::string_view key, std::string_view raw_value) {
  fields_.push_back(fmt::format("{} = {}", key, raw_value));
}

void TomlFields::list(std::string_view key, const std::vector<std::string>& raw_values) {
  if (raw_values.size() < 2) {
    add(key, fmt::format("[{}]", fmt::join(raw_values, "")));
    return;
  }
  std::string value = "[\n";
  for (const auto& element : raw_values) value += fmt::format("  {},\n", element);
  add(key, value + "]");
}

void TomlFields::texts_if(std::string_view key, const std::vector<std::string>& values) {
  if (values.empty()) return;
  std::vector<std::string> raw;
  raw.reserve(values.size());
  for (const auto& value : values) raw.push_back(quoted(value));
  list(key, raw);
}

std::string TomlFields::lines() const {
  std::string text;
  for (const auto& field : fields_) text += field + "\n";
  return text;
}

std::string TomlFields::inline_table() const {
  return fields_.empty() ? "{}" : fmt::format("{{ {} }}", fmt::join(fields_, ", "));
}

}  // namespace cogbuild::lock
