#include "evaluate.hpp"

#include <cogbuild/syntax/expressions.hpp>

#include <algorithm>
#include <utility>

namespace cogbuild::schema {
namespace {

using syntax::Node;

constexpr int kMaxDepth = 100;
constexpr std::size_t kMaxSteps = 200'000;

// Joined as Python joins them; nothing for f-strings and bytes.
std::optional<std::string> join_strings(const Node& node) {
  if (node.is("string")) {
    const auto literal = syntax::string_literal(node);
    if (!literal || literal->interpolated || literal->bytes) return std::nullopt;
    return std::string(literal->text);
  }
  std::string out;
  for (const Node& child : node.named_children()) {
    if (child.is("comment")) continue;
    const std::optional<std::string> part = join_strings(child);
    if (!part) return std::nullopt;
    out += *part;
  }
  return out;
}

std::optional<Literal> text_literal(std::optional<std::string> text) {
  if (!text) return std::nullopt;
  return Literal{.value = std::move(*text)};
}

// What iterating over the value gives.
std::optional<Literal::List> iterate(Literal value) {
  if (auto* items = std::get_if<Literal::List>(&value.value)) return std::move(*items);
  auto* pairs = std::get_if<Literal::Pairs>(&value.value);
  if (pairs == nullptr) return std::nullopt;
  Literal::List keys;
  for (auto& [key, unused] : *pairs) keys.push_back(std::move(key));
  return keys;
}

bool less(const Literal& left, const Literal& right) {
  if (const auto* text = std::get_if<std::string>(&left.value))
    return *text < std::get<std::string>(right.value);
  return std::get<std::int64_t>(left.value) < std::get<std::int64_t>(right.value);
}

// Only all strings or all integers have an order that needs no thought.
bool sort(Literal::List& items) {
  const auto all = [&](auto is_type) { return std::all_of(items.begin(), items.end(), is_type); };
  const bool texts =
      all([](const Literal& item) { return std::holds_alternative<std::string>(item.value); });
  const bool integers =
      all([](const Literal& item) { return std::holds_alternative<std::int64_t>(item.value); });
  if (!texts && !integers) return false;
  std::stable_sort(items.begin(), items.end(), less);
  return true;
}

// The value assigned to `name` in the body of a class.
Node class_attribute(const Node& definition, std::string_view name) {
  Node out;
  for (const Node& statement : definition.field("body").named_children()) {
    const Node inner =
        statement.is("expression_statement") ? statement.first_named_child() : Node();
    if (inner.is("assignment") && inner.field("left").text() == name && inner.field("right"))
      out = inner.field("right");
  }
  return out;
}

Node method(const Node& definition, std::string_view name) {
  for (const Node& statement : definition.field("body").named_children()) {
    const Node function = syntax::function_definition(statement);
    if (function.field("name").text() == name) return function;
  }
  return {};
}

}  // namespace

std::optional<Literal> Evaluator::value(const Node& node, const SourceFile& file) {
  return compute(node, file, 0);
}

std::optional<Literal::List> Evaluator::elements(const Node& node, const SourceFile& file) {
  std::optional<Literal> value = compute(node, file, 0);
  if (!value) return std::nullopt;
  return iterate(std::move(*value));
}

Evaluator::Place Evaluator::assignment(const Node& name, const SourceFile& file) {
  if (name.is("identifier")) return assigned_name(name.text(), file, 0);
  if (name.is("attribute")) return assigned_attribute(name, file, 0);
  return {};
}

std::optional<Literal> Evaluator::compute(const Node& node, const SourceFile& file, int depth) {
  if (!node || depth > kMaxDepth || ++steps_ > kMaxSteps) return std::nullopt;
  if (node.is("parenthesized_expression")) {
    for (const Node& child : node.named_children())
      if (!child.is("comment")) return compute(child, file, depth + 1);
    return std::nullopt;
  }
  if (node.is("string") || node.is("concatenated_string")) return text_literal(join_strings(node));
  if (node.is("list") || node.is("tuple") || node.is("set"))
    return compute_items(node, file, depth);
  if (node.is("dictionary")) return compute_pairs(node, file, depth);
  if (node.is("call")) return compute_call(node, file, depth);
  if (node.is("binary_operator")) return compute_sum(node, file, depth);
  if (node.is("identifier") || node.is("attribute")) {
    const Place place = node.is("identifier") ? assigned_name(node.text(), file, depth)
                                              : assigned_attribute(node, file, depth);
    if (place.file == nullptr) return std::nullopt;
    return compute(place.node, *place.file, depth + 1);
  }
  return read_literal(node);
}

std::optional<Literal> Evaluator::compute_items(const Node& node, const SourceFile& file,
                                                int depth) {
  Literal::List items;
  for (const Node& child : node.named_children()) {
    if (child.is("comment")) continue;
    const bool splat = child.is("list_splat");
    auto item = compute(splat ? child.first_named_child() : child, file, depth + 1);
    if (!item) return std::nullopt;
    if (!splat) {
      items.push_back(std::move(*item));
      continue;
    }
    auto more = iterate(std::move(*item));
    if (!more) return std::nullopt;
    steps_ += more->size();
    for (Literal& each : *more) items.push_back(std::move(each));
  }
  return Literal{.value = std::move(items)};
}

std::optional<Literal> Evaluator::compute_pairs(const Node& node, const SourceFile& file,
                                                int depth) {
  Literal::Pairs pairs;
  for (const Node& child : node.named_children()) {
    if (child.is("comment")) continue;
    if (!child.is("pair")) return std::nullopt;
    auto key = compute(child.field("key"), file, depth + 1);
    if (!key) return std::nullopt;
    // A value that cannot be known does no harm to the keys.
    auto value = compute(child.field("value"), file, depth + 1);
    pairs.emplace_back(std::move(*key), value ? std::move(*value) : Literal());
  }
  return Literal{.value = std::move(pairs)};
}

std::optional<Literal> Evaluator::compute_sum(const Node& sum, const SourceFile& file, int depth) {
  const std::vector<Node> parts = sum.children();
  if (std::none_of(parts.begin(), parts.end(), [](const Node& part) { return part.is("+"); }))
    return std::nullopt;
  auto left = compute(sum.field("left"), file, depth + 1);
  auto right = compute(sum.field("right"), file, depth + 1);
  if (!left || !right) return std::nullopt;
  auto* text = std::get_if<std::string>(&left->value);
  if (const auto* more = std::get_if<std::string>(&right->value);
      text != nullptr && more != nullptr) {
    steps_ += text->size() + more->size();
    if (steps_ > kMaxSteps) return std::nullopt;
    return Literal{.value = *text + *more};
  }
  auto* items = std::get_if<Literal::List>(&left->value);
  auto* more = std::get_if<Literal::List>(&right->value);
  if (items == nullptr || more == nullptr) return std::nullopt;
  steps_ += items->size() + more->size();
  for (Literal& item : *more) items->push_back(std::move(item));
  return Literal{.value = std::move(*items)};
}

std::optional<Literal> Evaluator::compute_call(const Node& call, const SourceFile& file,
                                               int depth) {
  const Node function = call.field("function");
  const std::vector<syntax::Argument> arguments = syntax::arguments(call);
  const bool is_method = function.is("attribute") && arguments.empty();
  const std::string_view name = is_method ? function.field("attribute").text() : function.text();
  if (is_method && (name == "keys" || name == "values")) {
    auto value = compute(function.field("object"), file, depth + 1);
    auto* pairs = value ? std::get_if<Literal::Pairs>(&value->value) : nullptr;
    if (pairs == nullptr) return std::nullopt;
    Literal::List out;
    for (auto& [key, inner] : *pairs) out.push_back(std::move(name == "keys" ? key : inner));
    return Literal{.value = std::move(out)};
  }
  if ((name != "list" && name != "tuple" && name != "sorted") || arguments.size() != 1 ||
      !arguments.front().name.empty())
    return std::nullopt;
  auto value = compute(arguments.front().value, file, depth + 1);
  auto items = value ? iterate(std::move(*value)) : std::nullopt;
  if (!items || (name == "sorted" && !sort(*items))) return std::nullopt;
  return Literal{.value = std::move(*items)};
}

Evaluator::Place Evaluator::assigned_name(std::string_view name, const SourceFile& file,
                                          int depth) {
  if (const Node node = file.constants.expression(name)) return {&file, node};
  const Origin* origin = file.imports.find(name);
  if (origin == nullptr || origin->is_module() || depth > kMaxDepth) return {};
  const auto imported = files_.find_imported(file, *origin, Reading::as_python);
  if (imported.file == nullptr || imported.by_submodule || ++steps_ > kMaxSteps) return {};
  return assigned_name(origin->original, *imported.file, depth + 1);
}

Evaluator::Place Evaluator::assigned_attribute(const Node& node, const SourceFile& file,
                                               int depth) {
  const Node object = node.field("object");
  if (!object.is("identifier") || depth > kMaxDepth) return {};
  const std::string_view name = node.field("attribute").text();
  if (const Node definition = file.first_class(object.text())) {
    const Node value = class_attribute(definition, name);
    return value ? Place{&file, value} : Place{};
  }
  const Origin* origin = file.imports.find(object.text());
  if (origin == nullptr) return {};
  const auto [target, by_submodule] = files_.find_imported(file, *origin, Reading::as_python);
  if (target == nullptr) return {};
  if (by_submodule || origin->is_module()) return assigned_name(name, *target, depth + 1);
  const Node value = class_attribute(target->first_class(origin->original), name);
  return value ? Place{target, value} : Place{};
}

Evaluator::Place Evaluator::named_function(std::string_view name, const SourceFile& file,
                                           int depth) {
  if (const Node here = file.first_function(name)) return {&file, here};
  const Origin* origin = file.imports.find(name);
  if (origin == nullptr || origin->is_module() || depth > kMaxDepth) return {};
  const auto imported = files_.find_imported(file, *origin, Reading::as_python);
  if (imported.file == nullptr || imported.by_submodule || ++steps_ > kMaxSteps) return {};
  return named_function(origin->original, *imported.file, depth + 1);
}

Evaluator::Place Evaluator::function(const Node& name, const SourceFile& file) {
  if (name.is("identifier")) return named_function(name.text(), file, 0);
  const std::string_view attribute = name.field("attribute").text();
  const std::string_view object = name.field("object").text();
  if (!name.is("attribute")) return {};
  if (const Node definition = file.first_class(object)) {
    const Node found = method(definition, attribute);
    return found ? Place{&file, found} : Place{};
  }
  const Origin* origin = file.imports.find(object);
  if (origin == nullptr) return {};
  const auto [target, by_submodule] = files_.find_imported(file, *origin, Reading::as_python);
  if (target == nullptr) return {};
  if (by_submodule || origin->is_module()) return named_function(attribute, *target, 1);
  const Node found = method(target->first_class(origin->original), attribute);
  return found ? Place{target, found} : Place{};
}

}  // namespace cogbuild::schema
