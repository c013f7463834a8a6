#include "annotations.hpp"

#include "annotation_text.hpp"

#include <string_view>
#include <utility>

namespace cogbuild::schema {
namespace {

using syntax::Node;

constexpr int kMaxDepth = 100;

std::optional<Annotation> read_node(const Node& node, int depth);

Annotation named(const Node& node, std::string name) {
  return {.name = std::move(name), .offset = node.begin()};
}

std::optional<Annotation> read_subscript(const Node& node, int depth) {
  const Node value = node.field("value");
  Annotation out = named(node, std::string(value.text()));
  for (const Node& child : node.named_children()) {
    if (child.begin() == value.begin()) continue;
    std::optional<Annotation> argument = read_node(child, depth + 1);
    if (!argument) return std::nullopt;
    out.arguments.push_back(std::move(*argument));
  }
  if (!out.arguments.empty()) out.form = Annotation::Form::generic;
  return out;
}

void add_members(Annotation member, std::vector<Annotation>& out) {
  if (member.form != Annotation::Form::one_of) {
    out.push_back(std::move(member));
    return;
  }
  for (Annotation& inner : member.arguments) out.push_back(std::move(inner));
}

std::optional<Annotation> read_operator(const Node& node, int depth) {
  bool is_union = false;
  for (const Node& child : node.children()) is_union = is_union || child.is("|");
  if (!is_union) return std::nullopt;
  std::optional<Annotation> left = read_node(node.field("left"), depth + 1);
  std::optional<Annotation> right = read_node(node.field("right"), depth + 1);
  if (!left || !right) return std::nullopt;
  Annotation out{.form = Annotation::Form::one_of, .offset = node.begin()};
  add_members(std::move(*left), out.arguments);
  add_members(std::move(*right), out.arguments);
  return out;
}

std::optional<Annotation> read_node(const Node& wrapped, int depth) {
  if (!wrapped || depth > kMaxDepth) return std::nullopt;
  Node node = wrapped;
  if (node.is("type") && node.first_named_child()) node = node.first_named_child();
  if (node.is("identifier") || node.is("attribute")) return named(node, std::string(node.text()));
  if (node.is("none")) return named(node, "None");
  if (node.is("subscript")) return read_subscript(node, depth);
  if (node.is("binary_operator")) return read_operator(node, depth);
  std::string_view text = node.text();
  std::size_t offset = node.begin();
  if (node.is("string") || node.is("concatenated_string")) {
    const std::size_t begin = std::min(text.find_first_not_of("\"'"), text.size());
    offset += begin;
    text.remove_prefix(begin);
    text = text.substr(0, text.find_last_not_of("\"'") + 1);
  }
  return parse_annotation_text(text, offset);
}

}  // namespace

std::optional<Annotation> read_annotation(const Node& node) { return read_node(node, 0); }

std::optional<Annotation> read_annotation_freely(const Node& node) {
  std::string text(node.text());
  syntax::walk(node, [&](const Node& part) {
    if (part.is("comment"))
      for (std::size_t at = part.begin(); at < part.end(); ++at) text[at - node.begin()] = ' ';
    return true;
  });
  return parse_annotation_text_freely(text, node.begin());
}

const Annotation* unwrap_optional(const Annotation& annotation) {
  const std::vector<Annotation>& arguments = annotation.arguments;
  const bool generic = annotation.form == Annotation::Form::generic;
  if (generic && annotation.name == "Optional" && arguments.size() == 1) return arguments.data();
  const bool is_union =
      annotation.form == Annotation::Form::one_of || (generic && annotation.name == "Union");
  if (!is_union || arguments.size() != 2) return nullptr;
  if (arguments[0].is_name("None")) return &arguments[1];
  if (arguments[1].is_name("None")) return &arguments[0];
  return nullptr;
}

}  // namespace cogbuild::schema
