#include "html_tag.hpp"

#include <array>
#include <charconv>
#include <cstdint>

namespace cogbuild::pypi {

namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

template <class Predicate>
std::string_view take_while(std::string_view& text, Predicate holds) {
  std::size_t count = 0;
  while (count < text.size() && holds(text[count])) ++count;
  const std::string_view taken = text.substr(0, count);
  text.remove_prefix(count);
  return taken;
}

void skip_past(std::string_view& html, std::string_view end) {
  const auto at = html.find(end);
  html = at == std::string_view::npos ? std::string_view() : html.substr(at + end.size());
}

// The content of these is text, whatever it looks like.
void skip_raw_text(std::string_view& html, const std::string& name) {
  while (!html.empty()) {
    skip_past(html, "</");
    if (lower(html.substr(0, name.size())) == name) return;
  }
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0U | code >> 6U);
    put(0x80U | (code & 0x3fU));
  } else if (code < 0x10000) {
    put(0xe0U | code >> 12U);
    put(0x80U | (code >> 6U & 0x3fU));
    put(0x80U | (code & 0x3fU));
  } else {
    put(0xf0U | code >> 18U);
    put(0x80U | (code >> 12U & 0x3fU));
    put(0x80U | (code >> 6U & 0x3fU));
    put(0x80U | (code & 0x3fU));
  }
}

// The text of a reference without `&` and `;`. False when it is none.
bool append_reference(std::string& out, std::string_view name) {
  constexpr std::array<std::pair<std::string_view, char>, 5> kNames = {
      {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}}};
  for (const auto& [known, c] : kNames) {
    if (known != name) continue;
    out += c;
    return true;
  }
  if (!name.starts_with('#')) return false;
  name.remove_prefix(1);
  int base = 10;
  if (name.starts_with('x') || name.starts_with('X')) {
    base = 16;
    name.remove_prefix(1);
  }
  std::uint32_t code = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), code, base);
  if (error != std::errc() || end != name.data() + name.size()) return false;
  if (code == 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return false;
  append_utf8(out, code);
  return true;
}

void take_attributes(std::string_view& html, HtmlTag& tag) {
  while (!html.empty()) {
    take_while(html, [](char c) { return is_space(c) || c == '/'; });
    if (html.starts_with('>')) {
      html.remove_prefix(1);
      return;
    }
    // A stray `=` begins a name, as in HTML: so every round consumes something.
    std::string name = lower(html.substr(0, 1));
    html.remove_prefix(html.empty() ? 0 : 1);
    name += lower(
        take_while(html, [](char c) { return !is_space(c) && c != '/' && c != '>' && c != '='; }));
    take_while(html, is_space);
    std::string_view value;
    if (html.starts_with('=')) {
      html.remove_prefix(1);
      take_while(html, is_space);
      if (html.starts_with('"') || html.starts_with('\'')) {
        const char quote = html.front();
        html.remove_prefix(1);
        value = take_while(html, [quote](char c) { return c != quote; });
        if (!html.empty()) html.remove_prefix(1);
      } else {
        value = take_while(html, [](char c) { return !is_space(c) && c != '>'; });
      }
    }
    if (!name.empty()) tag.attributes.emplace_back(std::move(name), unescape_html(value));
  }
}

}  // namespace

std::optional<std::string> HtmlTag::attribute(std::string_view wanted) const {
  for (const auto& [key, value] : attributes)
    if (key == wanted) return value;
  return std::nullopt;
}

std::optional<HtmlTag> next_tag(std::string_view& html) {
  while (!html.empty()) {
    skip_past(html, "<");
    if (html.starts_with("!--")) {
      skip_past(html, "-->");
      continue;
    }
    if (html.empty() || !is_letter(html.front())) continue;
    HtmlTag tag;
    tag.name = lower(take_while(html, [](char c) { return !is_space(c) && c != '/' && c != '>'; }));
    take_attributes(html, tag);
    if (tag.name == "script" || tag.name == "style") {
      skip_raw_text(html, tag.name);
      continue;
    }
    return tag;
  }
  return std::nullopt;
}

std::string unescape_html(std::string_view text) {
  constexpr std::size_t kLongestReference = 10;
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    if (text.front() == '&') {
      const auto end = text.substr(0, kLongestReference + 2).find(';');
      if (end != std::string_view::npos && append_reference(out, text.substr(1, end - 1))) {
        text.remove_prefix(end + 1);
        continue;
      }
    }
    out += text.front();
    text.remove_prefix(1);
  }
  return out;
}

}  // namespace cogbuild::pypi
