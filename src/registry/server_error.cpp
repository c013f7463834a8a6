#include <cogbuild/registry/server_error.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace cogbuild::registry {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxBodyBytes = std::size_t{64} * 1024;
constexpr std::size_t kMaxTextBytes = 300;
constexpr std::size_t kMaxEntries = 8;

// One line of at most kMaxTextBytes: control characters and runs of space become one space, as a
// server's text must not be able to move the cursor of a terminal.
std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte != 0x7f) {
      if (out.size() >= kMaxTextBytes) {
        while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xC0U) == 0x80U)
          out.pop_back();
        return out + "…";
      }
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string without_markup(std::string_view text) {
  std::string out;
  bool in_tag = false;
  for (const char c : text) {
    if (c == '<') in_tag = true;
    if (!in_tag) out += c;
    if (c == '>' && in_tag) {
      in_tag = false;
      out += ' ';
    }
  }
  return out;
}

std::string text_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return {};
  if (found->is_string()) return one_line(found->get_ref<const std::string&>());
  return one_line(found->dump(-1, ' ', false, Json::error_handler_t::replace));
}

// A flat reading of a JSON body; nesting deeper than this is not an error document.
bool is_shallow(std::string_view body) {
  constexpr int kMaxDepth = 32;
  int depth = 0;
  for (const char c : body) {
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    if (depth > kMaxDepth) return false;
  }
  return true;
}

}  // namespace

bool ServerError::has(std::string_view code) const {
  return std::ranges::any_of(entries, [&](const Entry& entry) { return entry.code == code; });
}

ServerError parse_server_error(int status, std::string_view body) {
  ServerError error{.status = status};
  body = body.substr(0, kMaxBodyBytes);
  const Json document =
      is_shallow(body) ? Json::parse(body, nullptr, /*allow_exceptions=*/false) : Json();
  if (document.is_object()) {
    const auto errors = document.find("errors");
    if (errors != document.end() && errors->is_array()) {
      for (const Json& entry : *errors) {
        if (!entry.is_object() || error.entries.size() == kMaxEntries) continue;
        error.entries.push_back({.code = text_of(entry, "code"),
                                 .message = text_of(entry, "message"),
                                 .detail = text_of(entry, "detail")});
      }
    } else {
      // Token servers and gateways have their own forms.
      for (const char* key : {"details", "error_description", "message", "detail", "error"})
        if (error.text.empty()) error.text = text_of(document, key);
    }
  }
  if (error.entries.empty() && error.text.empty()) error.text = one_line(without_markup(body));
  return error;
}

std::string to_string(const ServerError& error) {
  std::string text = std::to_string(error.status);
  bool first = true;
  for (const ServerError::Entry& entry : error.entries) {
    text += first ? " " : "; ";
    first = false;
    text += entry.code;
    if (!entry.message.empty()) text += (entry.code.empty() ? "" : ": ") + entry.message;
    if (!entry.detail.empty() && entry.detail != entry.message)
      text += fmt::format(" ({})", entry.detail);
  }
  if (!error.text.empty()) text += " " + error.text;
  return text;
}

}  // namespace cogbuild::registry
