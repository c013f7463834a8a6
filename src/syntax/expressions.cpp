#include <cogbuild/syntax/expressions.hpp>

#include <algorithm>

namespace cogbuild::syntax {
namespace {

bool holds_interpolation(const Node& string) {
  const std::vector<Node> parts = string.named_children();
  return std::any_of(parts.begin(), parts.end(),
                     [](const Node& part) { return part.is("interpolation"); });
}

Node definition_below_decorators(const Node& statement, std::string_view type) {
  if (statement.is(type)) return statement;
  if (!statement.is("decorated_definition")) return {};
  const Node definition = statement.field("definition");
  return definition.is(type) ? definition : Node();
}

}  // namespace

std::optional<StringLiteral> string_literal(const Node& node) {
  if (!node.is("string")) return std::nullopt;
  StringLiteral out;
  std::string_view text = node.text();
  const std::size_t quote_at = text.find_first_of("'\"");
  if (quote_at == std::string_view::npos) return std::nullopt;
  for (const char letter : text.substr(0, quote_at)) {
    if (letter == 'f' || letter == 'F') out.interpolated = true;
    if (letter == 'b' || letter == 'B') out.bytes = true;
    if (letter == 'r' || letter == 'R') out.raw = true;
  }
  out.interpolated = out.interpolated || holds_interpolation(node);
  text.remove_prefix(quote_at);
  const std::string_view triple = text.substr(0, 3);
  const std::size_t quotes = triple == "\"\"\"" || triple == "'''" ? 3 : 1;
  if (text.size() < 2 * quotes || !text.ends_with(text.substr(0, quotes))) return std::nullopt;
  out.text = text.substr(quotes, text.size() - 2 * quotes);
  return out;
}

std::string dotted_name(const Node& node) {
  if (node.is("identifier")) return std::string(node.text());
  std::vector<std::string_view> parts;
  Node at = node;
  while (at.is("attribute")) {
    parts.push_back(at.field("attribute").text());
    at = at.field("object");
  }
  if (!at.is("identifier")) return {};
  std::string out(at.text());
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) out.append(1, '.').append(*part);
  return out;
}

std::vector<Argument> arguments(const Node& call) {
  std::vector<Argument> out;
  for (const Node& child : call.field("arguments").named_children()) {
    if (child.is("comment") || child.is("list_splat") || child.is("dictionary_splat")) continue;
    if (child.is("keyword_argument"))
      out.push_back(Argument{
          .name = child.field("name").text(), .value = child.field("value"), .node = child});
    else
      out.push_back(Argument{.value = child, .node = child});
  }
  return out;
}

Node keyword_argument(const Node& call, std::string_view name) {
  for (const Argument& argument : arguments(call))
    if (argument.name == name) return argument.value;
  return {};
}

Node class_definition(const Node& statement) {
  return definition_below_decorators(statement, "class_definition");
}

Node function_definition(const Node& statement) {
  return definition_below_decorators(statement, "function_definition");
}

std::vector<Node> decorators(const Node& definition) {
  std::vector<Node> out;
  const Node parent = definition.parent();
  if (!parent.is("decorated_definition")) return out;
  for (const Node& child : parent.named_children())
    if (child.is("decorator")) out.push_back(child.first_named_child());
  return out;
}

}  // namespace cogbuild::syntax
