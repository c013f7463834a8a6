#include "shared_inputs.hpp"

#include <cogbuild/syntax/expressions.hpp>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogbuild::schema {
namespace {

using syntax::Node;

// `Cls.name` taken apart; the name may hold dots.
struct Reference {
  std::string_view class_name{};
  std::string_view member{};
};

std::optional<Reference> split_reference(const Node& attribute) {
  const std::string_view text = attribute.text();
  const std::size_t dot = text.find('.');
  if (!attribute.is("attribute") || dot == std::string_view::npos) return std::nullopt;
  return Reference{text.substr(0, dot), text.substr(dot + 1)};
}

// A call with a fault is no Input to refer to.
std::optional<InputCall> read_sound_call(const Node& call, const SourceFile& file,
                                         Evaluator& evaluator) {
  Faults faults;
  InputCall out = read_input_call(call, file, evaluator, faults);
  if (faults.any()) return std::nullopt;
  return out;
}

// The parts of the bodies of all classes of that name, in order.
std::vector<Node> members(const SourceFile& file, std::string_view class_name) {
  std::vector<Node> out;
  const auto classes = file.classes.find(class_name);
  if (classes == file.classes.end()) return out;
  for (const Node& definition : classes->second) {
    for (const Node& statement : definition.field("body").named_children()) {
      const std::vector<Node> parts =
          statement.is("expression_statement") ? statement.named_children() : std::vector<Node>();
      out.push_back(parts.size() == 1 ? parts.front() : statement);
    }
  }
  return out;
}

std::optional<InputCall> attribute_input(const Reference& reference, const SourceFile& file,
                                         Evaluator& evaluator) {
  std::optional<InputCall> out;
  for (const Node& member : members(file, reference.class_name)) {
    if (!member.is("assignment") || !member.field("left").is("identifier") ||
        member.field("left").text() != reference.member)
      continue;
    const Node value = member.field("right");
    if (!is_input_call_in_python(value, file)) continue;
    if (auto read = read_sound_call(value, file, evaluator)) out = std::move(read);
  }
  return out;
}

std::string_view parameter_name(const Node& parameter) {
  if (parameter.is("identifier")) return parameter.text();
  if (parameter.is("typed_default_parameter") || parameter.is("default_parameter"))
    return parameter.field("name").text();
  if (!parameter.is("typed_parameter")) return {};
  for (const Node& child : parameter.named_children())
    if (child.is("identifier")) return child.text();
  return {};
}

std::vector<std::string_view> parameter_names(const Node& function) {
  std::vector<std::string_view> out;
  for (const Node& parameter : function.field("parameters").named_children()) {
    const std::string_view name = parameter_name(parameter);
    if (!name.empty() && name != "self" && name != "cls") out.push_back(name);
  }
  return out;
}

Node returned_input(const Node& function, const SourceFile& file) {
  for (const Node& statement : function.field("body").named_children()) {
    if (!statement.is("return_statement")) continue;
    const Node value = statement.first_named_child();
    if (is_input_call_in_python(value, file)) return value;
  }
  return {};
}

// What the call gives for each parameter. As in Cog a comment takes a place among the arguments.
std::map<std::string_view, Node> given_arguments(const Node& call, const Node& function) {
  std::map<std::string_view, Node> out;
  const std::vector<std::string_view> names = parameter_names(function);
  std::size_t position = 0;
  for (const Node& argument : call.field("arguments").named_children()) {
    if (argument.is("keyword_argument"))
      out[argument.field("name").text()] = argument.field("value");
    else if (position < names.size())
      out[names[position++]] = argument;
  }
  return out;
}

void override_with(const std::map<std::string_view, Node>& given, InputCall& call) {
  for (const auto& [name, value] : given) {
    if (name == "default") {
      if (auto read = read_literal(value)) call.default_value = std::move(read);
    } else if (name == "description") {
      if (auto read = read_string(value)) call.description = std::move(read);
    } else if (name == "ge") {
      if (const auto read = read_number(value)) call.minimum = read;
    } else if (name == "le") {
      if (const auto read = read_number(value)) call.maximum = read;
    }
  }
}

std::optional<InputCall> method_input(const Node& call, const Reference& reference,
                                      const SourceFile& file, Evaluator& evaluator) {
  std::optional<InputCall> out;
  Node found;
  for (const Node& member : members(file, reference.class_name)) {
    const Node function = syntax::function_definition(member);
    if (!function || function.field("name").text() != reference.member) continue;
    const Node input = returned_input(function, file);
    if (!input) continue;
    if (auto read = read_sound_call(input, file, evaluator)) {
      out = std::move(read);
      found = function;
    }
  }
  if (out) override_with(given_arguments(call, found), *out);
  return out;
}

}  // namespace

std::optional<InputCall> shared_input(const Node& value, const SourceFile& file,
                                      Evaluator& evaluator) {
  const bool is_call = value.is("call");
  const auto reference = split_reference(is_call ? value.field("function") : value);
  if (!reference) return std::nullopt;
  return is_call ? method_input(value, *reference, file, evaluator)
                 : attribute_input(*reference, file, evaluator);
}

std::optional<InputCall> shared_input_in_python(const Node& value, const SourceFile& file,
                                                Evaluator& evaluator, Faults& faults) {
  if (!value.is("call")) {
    const Evaluator::Place place = evaluator.assignment(value, file);
    if (place.file == nullptr || !is_input_call_in_python(place.node, *place.file))
      return std::nullopt;
    return read_input_call(place.node, *place.file, evaluator, faults);
  }
  const Evaluator::Place place = evaluator.function(value.field("function"), file);
  if (place.file == nullptr) return std::nullopt;
  const Node input = returned_input(place.node, *place.file);
  if (!input) return std::nullopt;
  InputCall out = read_input_call(input, *place.file, evaluator, faults);
  override_with(given_arguments(value, place.node), out);
  return out;
}

}  // namespace cogbuild::schema
