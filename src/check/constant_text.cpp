#include "constant_text.hpp"

#include <cogbuild/syntax/expressions.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace cogbuild::check {
namespace {

using syntax::Node;

constexpr int kDeepest = 12;

std::size_t scope_of(const Node& node) {
  const Node function = function_around(node);
  return function ? function.begin() + 1 : 0;
}

// `self.x`, `cls.x` and a class's own name count alike: the name behind the dot.
std::string_view assigned_name(const Node& target) {
  if (target.is("identifier")) return target.text();
  if (target.is("attribute")) return target.field("attribute").text();
  return {};
}

std::string_view parameter_name(const Node& parameter) {
  if (parameter.is("identifier")) return parameter.text();
  if (parameter.is("typed_parameter")) return parameter.first_named_child().text();
  return parameter.field("name").text();
}

KnownText joined(KnownText left, const KnownText& right) {
  left.text += right.text;
  left.complete = right.complete;
  left.one_of = left.one_of || right.one_of;
  return left;
}

bool is_any_of(std::string_view text, std::initializer_list<std::string_view> names) {
  return std::ranges::find(names, text) != names.end();
}

}  // namespace

Node function_around(const Node& node) {
  for (Node up = node.parent(); up; up = up.parent())
    if (up.is("function_definition")) return up;
  return {};
}

bool is_in_main_guard(const Node& node) {
  for (Node up = node.parent(); up; up = up.parent())
    if (up.is("if_statement") &&
        up.field("condition").text().find("__name__") != std::string_view::npos)
      return true;
  return false;
}

ConstantTexts::ConstantTexts(const syntax::Module& module) {
  // The functions that the walk is in: asking each node for its parents would be dear.
  std::vector<std::pair<std::size_t, std::size_t>> functions;  // begin, end
  syntax::walk(module.root(), [&](const Node& node) {
    while (!functions.empty() && node.begin() >= functions.back().second) functions.pop_back();
    const auto scope = functions.empty() ? 0 : functions.back().first + 1;
    if (node.is("function_definition")) {
      functions.emplace_back(node.begin(), node.end());
    } else if (node.is("assignment")) {
      add(node.field("left"), node.field("right"), scope, false);
    } else if (node.is("for_statement")) {
      const Node left = node.field("left");
      if (left.is("identifier")) {
        add(left, node.field("right"), scope, true);
      } else {
        for (const Node& part : left.named_children()) add(part, node.field("right"), scope, true);
      }
    }
    return true;
  });
}

void ConstantTexts::add(const Node& target, const Node& value, std::size_t scope, bool one_of) {
  const auto name = assigned_name(target);
  if (name.empty() || !value) return;
  assignments_[std::string(name)].push_back(
      {.scope = scope, .begin = target.begin(), .value = value, .one_of = one_of});
}

const ConstantTexts::Assignment* ConstantTexts::find(const Node& use) const {
  const auto found = assignments_.find(assigned_name(use));
  if (found == assignments_.end()) return nullptr;
  const auto scope = scope_of(use);
  const Assignment* best = nullptr;
  const bool is_attribute = use.is("attribute");
  for (const auto& assignment : found->second) {
    const bool visible = is_attribute || assignment.scope == 0 || assignment.scope == scope;
    if (!visible || (assignment.scope == scope && scope != 0 && assignment.begin > use.begin()))
      continue;
    // The last one in front of the use; those of its own function before the module's.
    const bool is_nearer = best == nullptr || (assignment.scope == scope && best->scope != scope) ||
                           assignment.scope == best->scope || is_attribute;
    if (is_nearer) best = &assignment;
  }
  return best;
}

ConstantTexts::Parameter ConstantTexts::parameter_of(const Node& expression) const {
  Node name = expression;
  while (name.is("call") && is_any_of(syntax::dotted_name(name.field("function")), {"str", "Path"}))
    name = name.field("arguments").first_named_child();
  if (!name.is("identifier")) return {};
  const Node function = function_around(name);
  if (!function) return {};
  std::size_t index = 0;
  for (const Node& parameter : function.field("parameters").named_children()) {
    if (parameter_name(parameter) == name.text())
      return {.function = function, .index = index, .name = std::string(name.text())};
    ++index;
  }
  return {};
}

Node ConstantTexts::value_of(const Node& expression) const {
  Node at = expression;
  for (int steps = 0; steps < kDeepest && (at.is("identifier") || at.is("attribute")); ++steps) {
    if (parameter_of(at).function) return {};
    const Assignment* const assignment = find(at);
    if (assignment == nullptr || assignment->one_of) return {};
    at = assignment->value;
  }
  return at;
}

KnownText ConstantTexts::of_string(const Node& string, int depth) const {
  const auto literal = syntax::string_literal(string);
  if (!literal || literal->bytes) return {};
  if (!literal->interpolated) return {.text = std::string(literal->text), .complete = true};
  KnownText out{.text = "", .complete = true};
  for (const Node& part : string.named_children()) {
    if (part.is("string_content")) {
      out.text += part.text();
    } else if (part.is("interpolation")) {
      out = joined(std::move(out), of(part.first_named_child(), depth + 1));
      if (!out.complete) return out;
    }
  }
  return out;
}

KnownText ConstantTexts::first_item_of(const Node& collection, int depth) const {
  Node at = value_of(collection);
  // `for name, url in URLS.items()`
  if (at.is("call")) {
    const Node function = at.field("function");
    if (is_any_of(function.field("attribute").text(), {"items", "values", "keys"}))
      at = value_of(function.field("object"));
    else if (syntax::dotted_name(function) == "enumerate")
      at = value_of(at.field("arguments").first_named_child());
  }
  if (at.is("dictionary")) {
    for (const Node& pair : at.named_children())
      if (const auto text = of(pair.field("value"), depth + 1); !text.text.empty()) return text;
    return {};
  }
  if (!at.is("list") && !at.is("tuple")) return {};
  for (const Node& item : at.named_children()) {
    if (item.is("tuple") || item.is("list")) {
      for (const Node& inner : item.named_children())
        if (const auto text = of(inner, depth + 1); text.text.starts_with("http")) return text;
      continue;
    }
    if (const auto text = of(item, depth + 1); !text.text.empty()) return text;
  }
  return {};
}

KnownText ConstantTexts::of_call(const Node& call, int depth) const {
  const Node function = call.field("function");
  const auto name = syntax::dotted_name(function);
  const auto arguments = syntax::arguments(call);
  const auto last =
      function.is("attribute") ? function.field("attribute").text() : std::string_view(name);
  if (is_any_of(last, {"getenv", "get"}) && arguments.size() > 1) {
    auto text = of(arguments[1].value, depth);
    text.one_of = true;
    return text;
  }
  if (arguments.empty()) {
    if (last == "resolve" || last == "absolute" || last == "as_posix")
      return of(function.field("object"), depth);
    return {};
  }
  if (is_any_of(last,
                {"str", "Path", "PosixPath", "abspath", "expanduser", "normpath", "realpath"}))
    return of(arguments[0].value, depth);
  if (last == "format" && function.is("attribute")) {
    auto text = of(function.field("object"), depth);
    if (const auto brace = text.text.find('{'); brace != std::string::npos) {
      text.text.resize(brace);
      text.complete = false;
    }
    return text;
  }
  if (last != "join" && last != "joinpath") return {};
  if (function.field("object").is("string")) return {};  // `",".join(…)`
  KnownText out;
  bool first = true;
  for (const auto& argument : arguments) {
    auto part = of(argument.value, depth);
    if (!first && !out.text.ends_with('/')) out.text += '/';
    out = joined(std::move(out), part);
    first = false;
    if (!out.complete) return out;
  }
  return out;
}

KnownText ConstantTexts::of(const Node& expression, int depth) const {
  if (!expression || depth > kDeepest) return {};
  if (expression.is("string")) return of_string(expression, depth);
  if (expression.is("concatenated_string")) {
    KnownText out{.text = "", .complete = true};
    for (const Node& part : expression.named_children()) {
      if (!part.is("string")) continue;
      out = joined(std::move(out), of(part, depth + 1));
      if (!out.complete) break;
    }
    return out;
  }
  if (expression.is("parenthesized_expression") || expression.is("await"))
    return of(expression.first_named_child(), depth + 1);
  if (expression.is("conditional_expression")) return of(expression.first_named_child(), depth + 1);
  if (expression.is("boolean_operator")) return of(expression.field("right"), depth + 1);
  if (expression.is("binary_operator")) {
    const auto sign = expression.field("operator").text();
    auto left = of(expression.field("left"), depth + 1);
    if (!left.complete) return left;
    if (sign == "+") return joined(std::move(left), of(expression.field("right"), depth + 1));
    if (sign == "/") {
      left.text += '/';
      return joined(std::move(left), of(expression.field("right"), depth + 1));
    }
    left.text.resize(std::min(left.text.find('%'), left.text.size()));
    left.complete = false;
    return left;
  }
  if (expression.is("call")) return of_call(expression, depth + 1);
  if (expression.is("subscript")) {
    auto text = first_item_of(expression.field("value"), depth + 1);
    text.one_of = true;
    return text;
  }
  if (expression.is("identifier") || expression.is("attribute")) {
    if (expression.is("identifier") && parameter_of(expression).function) return {};
    const Assignment* const assignment = find(expression);
    if (assignment == nullptr) return {};
    return assignment->one_of ? first_item_of(assignment->value, depth + 1)
                              : of(assignment->value, depth + 1);
  }
  return {};
}

}  // namespace cogbuild::check
