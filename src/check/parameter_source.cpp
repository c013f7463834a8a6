#include "parameter_source.hpp"

#include <cogbuild/syntax/expressions.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace cogbuild::check {
namespace {

// What definitions may stand in; statements and expressions are not searched.
bool may_hold_parameters(const syntax::Node& node) {
  static constexpr std::array<std::string_view, 12> kTypes = {
      "module",      "class_definition", "function_definition", "decorated_definition",
      "block",       "parameters",       "if_statement",        "else_clause",
      "elif_clause", "try_statement",    "except_clause",       "with_statement"};
  return std::find(kTypes.begin(), kTypes.end(), node.type()) != kTypes.end();
}

syntax::Node name_of(const syntax::Node& parameter) {
  if (parameter.is("identifier")) return parameter;
  if (parameter.is("typed_parameter")) return parameter.first_named_child();
  if (parameter.is("typed_default_parameter") || parameter.is("default_parameter"))
    return parameter.field("name");
  return {};
}

ParameterSource source_of(const syntax::Node& parameter) {
  ParameterSource out{.name = name_of(parameter), .value = parameter.field("value")};
  if (out.value.is("call")) {
    if (syntax::dotted_name(out.value.field("function")).ends_with("Input")) out.call = out.value;
  }
  return out;
}

// Every parameter of a file.
std::vector<ParameterSource> all_parameters(const syntax::Module& module) {
  std::vector<ParameterSource> out;
  syntax::walk(module.root(), [&](const syntax::Node& node) {
    if (!node.is("parameters")) return may_hold_parameters(node);
    for (const auto& parameter : node.named_children())
      if (name_of(parameter)) out.push_back(source_of(parameter));
    return false;
  });
  return out;
}

}  // namespace

syntax::Node ParameterSource::option(std::string_view keyword) const {
  return call ? syntax::keyword_argument(call, keyword) : syntax::Node();
}

bool ParameterSource::is_plain() const {
  if (!name) return false;
  if (!call) return !value.is("call") && !value.is("attribute") && !value.is("identifier");
  const auto given = call.field("arguments").named_children();
  return std::none_of(given.begin(), given.end(),
                      [](const auto& node) { return node.is("dictionary_splat"); });
}

std::vector<ParameterSource> parameter_sources(const Subject& subject,
                                               const schema::Signature& signature) {
  std::vector<ParameterSource> out(signature.inputs.size());
  std::string read_file;
  std::vector<ParameterSource> found;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto& input = signature.inputs[i];
    if (input.location.file != read_file) {
      read_file = input.location.file;
      const auto* const file = subject.python_file(read_file);
      const auto* const module = file == nullptr ? nullptr : file->module();
      found = module == nullptr ? std::vector<ParameterSource>() : all_parameters(*module);
    }
    const auto same = std::find_if(found.begin(), found.end(), [&](const ParameterSource& source) {
      return source.name.line() == input.location.line && source.name.text() == input.name;
    });
    if (same != found.end()) out[i] = *same;
  }
  return out;
}

syntax::Node definition_of(const Subject& subject, const schema::Signature& signature) {
  const auto* const file = subject.python_file(signature.file);
  const auto* const module = file == nullptr ? nullptr : file->module();
  syntax::Node out;
  if (module == nullptr) return out;
  syntax::walk(module->root(), [&](const syntax::Node& node) {
    if (out) return false;
    if (node.is("function_definition") && node.field("name").text() == signature.function &&
        node.field("name").line() == signature.location.line)
      out = node;
    return may_hold_parameters(node);
  });
  return out;
}

}  // namespace cogbuild::check
