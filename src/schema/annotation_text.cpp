#include "annotation_text.hpp"

#include <utility>

namespace cogbuild::schema {
namespace {

constexpr int kMaxDepth = 100;

bool is_space(char letter) { return letter == ' ' || (letter >= '\t' && letter <= '\r'); }

struct Text {
  std::string_view view{};
  std::size_t offset = 0;

  [[nodiscard]] Text part(std::size_t begin, std::size_t end) const {
    return Text{view.substr(begin, end - begin), offset + begin}.trimmed();
  }
  [[nodiscard]] Text trimmed() const {
    Text out = *this;
    while (!out.view.empty() && is_space(out.view.front())) {
      out.view.remove_prefix(1);
      ++out.offset;
    }
    while (!out.view.empty() && is_space(out.view.back())) out.view.remove_suffix(1);
    return out;
  }
};

// How to read: as Cog, or as Python.
struct Rules {
  bool freely = false;
};

// The text's parts between the separators outside brackets; freely, also outside strings.
std::vector<Text> split(const Text& text, char separator, Rules rules) {
  std::vector<Text> parts;
  int depth = 0;
  std::size_t begin = 0;
  char quote = 0;
  for (std::size_t at = 0; at < text.view.size(); ++at) {
    const char letter = text.view[at];
    if (quote != 0) {
      if (letter == quote) quote = 0;
      continue;
    }
    if (rules.freely && (letter == '"' || letter == '\'')) quote = letter;
    if (letter == '[' || (rules.freely && (letter == '(' || letter == '{'))) ++depth;
    if (letter == ']' || (rules.freely && (letter == ')' || letter == '}'))) --depth;
    if (letter != separator || depth != 0) continue;
    parts.push_back(text.part(begin, at));
    begin = at + 1;
  }
  parts.push_back(text.part(begin, text.view.size()));
  return parts;
}

bool is_quoted(std::string_view text, Rules rules) {
  if (text.size() < 2 || (text.front() != '"' && text.front() != '\'')) return false;
  if (rules.freely) return text.find(text.front(), 1) == text.size() - 1;
  return text.back() == text.front();
}

bool is_dotted_name(std::string_view text) {
  bool in_part = false;
  for (const char letter : text) {
    const bool word = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                      (letter >= '0' && letter <= '9') || letter == '_';
    if (!word && (letter != '.' || !in_part)) return false;
    in_part = word;
  }
  return in_part;
}

bool is_annotated(std::string_view name) {
  return name == "Annotated" || name.ends_with(".Annotated");
}

std::optional<Annotation> parse(const Text& text, Rules rules, int depth);

std::optional<Annotation> parse_union(const std::vector<Text>& members, std::size_t offset,
                                      Rules rules, int depth) {
  Annotation out{.form = Annotation::Form::one_of, .offset = offset};
  for (const Text& member : members) {
    std::optional<Annotation> read = parse(member, rules, depth + 1);
    if (!read) return std::nullopt;
    out.arguments.push_back(std::move(*read));
  }
  return out;
}

std::optional<Annotation> parse_generic(const Text& text, std::size_t bracket, Rules rules,
                                        int depth) {
  Annotation out{.form = Annotation::Form::generic,
                 .name = std::string(text.part(0, bracket).view),
                 .offset = text.offset};
  std::vector<Text> parts = split(text.part(bracket + 1, text.view.size() - 1), ',', rules);
  if (rules.freely && parts.size() > 1 && parts.back().view.empty()) parts.pop_back();
  for (const Text& part : parts) {
    std::optional<Annotation> argument = parse(part, rules, depth + 1);
    if (!argument && rules.freely && is_annotated(out.name) && !out.arguments.empty())
      argument = Annotation{.offset = part.offset};
    if (!argument) return std::nullopt;
    out.arguments.push_back(std::move(*argument));
  }
  return out;
}

std::optional<Annotation> parse(const Text& text, Rules rules, int depth) {
  const std::string_view view = text.view;
  if (view.empty() || depth > kMaxDepth) return std::nullopt;
  if (is_quoted(view, rules)) return parse(text.part(1, view.size() - 1), rules, depth + 1);
  const std::vector<Text> members = split(text, '|', rules);
  if (members.size() > 1) return parse_union(members, text.offset, rules, depth);
  if (rules.freely && view.front() == '(' && view.back() == ')')
    return parse(text.part(1, view.size() - 1), rules, depth + 1);
  const std::size_t bracket = view.find('[');
  if (bracket != std::string_view::npos && view.back() == ']')
    return parse_generic(text, bracket, rules, depth);
  if (!is_dotted_name(view)) return std::nullopt;
  return Annotation{.name = std::string(view), .offset = text.offset};
}

}  // namespace

std::optional<Annotation> parse_annotation_text(std::string_view text, std::size_t offset) {
  return parse(Text{text, offset}.trimmed(), {}, 0);
}

std::optional<Annotation> parse_annotation_text_freely(std::string_view text, std::size_t offset) {
  return parse(Text{text, offset}.trimmed(), {.freely = true}, 0);
}

}  // namespace cogbuild::schema
