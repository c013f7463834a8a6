#include "label.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::report {

namespace {

// The length of the well-formed UTF-8 sequence at the front of `text`, 0 when there is none
// (Unicode, table 3-7).
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  std::size_t length = 0;
  unsigned low = 0x80;
  unsigned high = 0xbf;
  if (first >= 0xc2 && first <= 0xdf) length = 2;
  if (first >= 0xe0 && first <= 0xef) length = 3;
  if (first >= 0xf0 && first <= 0xf4) length = 4;
  if (first == 0xe0) low = 0xa0;
  if (first == 0xed) high = 0x9f;
  if (first == 0xf0) low = 0x90;
  if (first == 0xf4) high = 0x8f;
  if (length == 0 || byte(1) < low || byte(1) > high) return 0;
  for (std::size_t i = 2; i < length; ++i)
    if (byte(i) < 0x80 || byte(i) > 0xbf) return 0;
  return length;
}

// Control characters, and the marks that reorder text (U+202A..U+202E, U+2066..U+2069) or end a
// line.
bool is_unsafe(std::string_view sequence) {
  if (sequence.size() == 1) return sequence[0] < ' ' || sequence[0] == '\x7f';
  if (sequence.size() == 2) return sequence[0] == '\xc2' && sequence[1] < '\xa0';
  return (sequence >= "\xe2\x80\xa8" && sequence <= "\xe2\x80\xae") ||
         (sequence >= "\xe2\x81\xa6" && sequence <= "\xe2\x81\xa9");
}

}  // namespace

std::string clean(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    const auto sequence = text.substr(0, std::max<std::size_t>(length, 1));
    if (length == 0 || is_unsafe(sequence))
      out += '?';
    else
      out += sequence;
    text.remove_prefix(sequence.size());
  }
  return out;
}

std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

std::string fit(const std::string& text, std::size_t max_width) {
  if (width(text) <= max_width) return text;
  std::size_t taken = 0;
  std::size_t end = 0;
  for (; end < text.size(); ++end) {
    const bool starts = (static_cast<unsigned char>(text[end]) & 0xc0U) != 0x80U;
    if (starts && taken++ == max_width - 3) break;
  }
  return text.substr(0, end) + "...";
}

std::string label(std::string_view name, std::string_view version) {
  return clean(version.empty() ? std::string(name) : fmt::format("{} {}", name, version));
}

std::string describe(const LayerSummary& layer) {
  constexpr std::size_t kNamed = 3;
  std::string out = clean(layer.title);
  if (layer.items.size() < 2) return out;
  std::string names;
  for (std::size_t i = 0; i < std::min(kNamed, layer.items.size()); ++i) {
    // A title that names its items needs no list of them.
    if (layer.title.find(layer.items[i].name) != std::string::npos) return out;
    names += (i == 0 ? "" : ", ") + clean(layer.items[i].name);
  }
  if (layer.items.size() > kNamed) names += ", ...";
  return out.empty() ? names : fmt::format("{} ({})", out, names);
}

}  // namespace cogbuild::report
