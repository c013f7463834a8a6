#include "literals.hpp"

#include "go_number.hpp"

#include <limits>
#include <utility>

namespace cogbuild::schema {
namespace {

using syntax::Node;

// Deeper values are not read.
constexpr int kMaxDepth = 100;
// A name costs nothing to repeat: longer sums are not read.
constexpr std::size_t kMaxSum = 100'000;

std::optional<Literal> read_value(const Node& node, int depth);

std::optional<Literal::List> read_items(const Node& node, int depth) {
  Literal::List items;
  for (const Node& child : node.named_children()) {
    std::optional<Literal> item = read_value(child, depth + 1);
    if (!item) return std::nullopt;
    items.push_back(std::move(*item));
  }
  return items;
}

// What cannot be read is left out.
Literal::List read_readable_items(const Node& node, int depth) {
  Literal::List items;
  for (const Node& child : node.named_children())
    if (std::optional<Literal> item = read_value(child, depth + 1))
      items.push_back(std::move(*item));
  return items;
}

Literal::Pairs read_readable_pairs(const Node& node, int depth) {
  Literal::Pairs pairs;
  for (const Node& child : node.named_children()) {
    if (!child.is("pair")) continue;
    std::optional<Literal> key = read_value(child.field("key"), depth + 1);
    std::optional<Literal> value = read_value(child.field("value"), depth + 1);
    if (key && value) pairs.emplace_back(std::move(*key), std::move(*value));
  }
  return pairs;
}

template <class T>
std::optional<Literal> literal(std::optional<T> value) {
  if (!value) return std::nullopt;
  return Literal{.value = std::move(*value)};
}

std::optional<Literal> read_signed_number(std::string_view text) {
  if (const auto integer = parse_go_integer(text)) return Literal{.value = *integer};
  return literal(parse_go_float(text));
}

std::optional<Literal> read_value(const Node& node, int depth) {
  if (depth > kMaxDepth) return std::nullopt;
  const std::string_view type = node.type();
  if (type == "none") return Literal{};
  if (type == "true" || type == "false") return Literal{.value = type == "true"};
  if (type == "integer") return literal(parse_go_integer(node.text()));
  if (type == "float") return literal(parse_go_float(node.text()));
  if (type == "unary_operator") return read_signed_number(node.text());
  if (type == "string" || type == "concatenated_string") return literal(read_string(node));
  if (type == "list" || type == "set") return literal(read_items(node, depth));
  if (type == "tuple") return Literal{.value = read_readable_items(node, depth)};
  if (type == "dictionary") return Literal{.value = read_readable_pairs(node, depth)};
  return std::nullopt;
}

bool is_operator(const Node& operation, std::string_view sign) {
  for (const Node& child : operation.children())
    if (child.type() == sign) return true;
  return false;
}

std::optional<Literal::List> read_choices_of(const Node& node, const Constants& constants,
                                             int depth);

// `list(D.keys())` and `list(D.values())`.
std::optional<Literal::List> read_listed_pairs(const Node& call, const Constants& constants) {
  if (call.field("function").text() != "list") return std::nullopt;
  const Node inner = call.field("arguments").first_named_child();
  const Node method = inner.field("function");
  if (!inner.is("call") || !method.is("attribute") || !method.field("object").is("identifier"))
    return std::nullopt;
  const auto dictionary = constants.find(method.field("object").text());
  const std::string_view name = method.field("attribute").text();
  if (!dictionary || (name != "keys" && name != "values")) return std::nullopt;
  const auto* pairs = std::get_if<Literal::Pairs>(&dictionary->value.value);
  if (pairs == nullptr) return std::nullopt;
  Literal::List out;
  for (const auto& [key, value] : *pairs) out.push_back(name == "keys" ? key : value);
  return out;
}

std::optional<Literal::List> read_named_list(std::string_view name, const Constants& constants) {
  auto constant = constants.find(name);
  if (!constant || constant->node.is("set")) return std::nullopt;
  auto* items = std::get_if<Literal::List>(&constant->value.value);
  if (items == nullptr) return std::nullopt;
  return std::move(*items);
}

std::optional<Literal::List> read_sum(const Node& sum, const Constants& constants, int depth) {
  if (!is_operator(sum, "+")) return std::nullopt;
  auto items = read_choices_of(sum.field("left"), constants, depth + 1);
  if (!items) return std::nullopt;
  auto more = read_choices_of(sum.field("right"), constants, depth + 1);
  if (!more || items->size() + more->size() > kMaxSum) return std::nullopt;
  for (Literal& item : *more) items->push_back(std::move(item));
  return items;
}

std::optional<Literal::List> read_choices_of(const Node& node, const Constants& constants,
                                             int depth) {
  if (depth > kMaxDepth) return std::nullopt;
  if (node.is("list")) return read_list(node);
  if (node.is("identifier")) return read_named_list(node.text(), constants);
  if (node.is("call")) return read_listed_pairs(node, constants);
  if (node.is("binary_operator")) return read_sum(node, constants, depth);
  return std::nullopt;
}

}  // namespace

std::optional<Literal> read_literal(const Node& node) { return read_value(node, 0); }

std::optional<std::string> read_string(const Node& node) {
  const std::string_view text = node.text();
  std::size_t begin = 0;
  std::size_t end = 1;
  if (text.starts_with("\"\"\"") || text.starts_with("'''"))
    begin = end = 3;
  else if (text.starts_with('"') || text.starts_with('\''))
    begin = 1;
  else if (text.starts_with("r\"") || text.starts_with("r'"))
    begin = 2;
  else
    return std::nullopt;
  if (text.size() < begin + end) return std::nullopt;
  return std::string(text.substr(begin, text.size() - begin - end));
}

std::optional<double> read_number(const Node& node) { return parse_go_float(node.text()); }

std::optional<bool> read_boolean(const Node& node) {
  if (node.text() == "True") return true;
  if (node.text() == "False") return false;
  return std::nullopt;
}

std::optional<Literal::List> read_list(const Node& node) {
  return node.is("list") ? read_items(node, 0) : std::nullopt;
}

std::uint64_t length_of(double number) {
  constexpr double kHalf = 9223372036854775808.0;  // 2^63
  constexpr std::uint64_t kHalfBits = std::uint64_t{1} << 63U;
  if (number < -kHalf) return kHalfBits;
  if (number < kHalf) return static_cast<std::uint64_t>(static_cast<std::int64_t>(number));
  return number < 2 * kHalf ? static_cast<std::uint64_t>(number) : kHalfBits;
}

Constants::Constants(const syntax::Module& module) {
  for (const Node& statement : module.root().named_children()) {
    if (!statement.is("expression_statement")) continue;
    const std::vector<Node> parts = statement.named_children();
    if (parts.size() != 1 || !parts.front().is("assignment")) continue;
    const Node left = parts.front().field("left");
    const Node right = parts.front().field("right");
    if (left.is("identifier") && right) assigned_[std::string(left.text())].push_back(right);
  }
}

std::optional<Constants::Constant> Constants::find(std::string_view name) const {
  const auto found = assigned_.find(name);
  if (found == assigned_.end()) return std::nullopt;
  for (auto node = found->second.rbegin(); node != found->second.rend(); ++node)
    if (std::optional<Literal> value = read_literal(*node))
      return Constant{.node = *node, .value = std::move(*value)};
  return std::nullopt;
}

Node Constants::expression(std::string_view name) const {
  const auto found = assigned_.find(name);
  return found == assigned_.end() ? Node() : found->second.back();
}

std::optional<Literal> read_default(const Node& node, const Constants& constants) {
  if (std::optional<Literal> value = read_literal(node)) return value;
  if (!node.is("identifier")) return std::nullopt;
  std::optional<Constants::Constant> constant = constants.find(node.text());
  if (!constant) return std::nullopt;
  return std::move(constant->value);
}

std::optional<std::string> read_text(const Node& node, const Constants& constants) {
  if (std::optional<std::string> text = read_string(node)) return text;
  const std::optional<Literal> value = read_default(node, constants);
  if (!node.is("identifier") || !value) return std::nullopt;
  const auto* text = std::get_if<std::string>(&value->value);
  return text == nullptr ? std::nullopt : std::optional(*text);
}

std::optional<Literal::List> read_choices(const Node& node, const Constants& constants) {
  return read_choices_of(node, constants, 0);
}

}  // namespace cogbuild::schema
