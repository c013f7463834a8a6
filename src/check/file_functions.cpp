#include "file_functions.hpp"

#include <cstddef>

namespace cogbuild::check {
namespace {

constexpr std::string_view kSelf = "self.";

syntax::Node name_of(const syntax::Node& parameter) {
  if (parameter.is("identifier")) return parameter;
  if (parameter.is("typed_parameter")) return parameter.first_named_child();
  return parameter.field("name");
}

}  // namespace

FileFunctions::FileFunctions(const syntax::Module& module) {
  const auto add = [&](const syntax::Node& statement) {
    const auto function = syntax::function_definition(statement);
    if (!function) return;
    const auto [place, added] =
        functions_.emplace(std::string(function.field("name").text()), function);
    if (!added) place->second = {};
  };
  for (const auto& statement : module.root().named_children()) {
    add(statement);
    const auto definition = syntax::class_definition(statement);
    if (!definition) continue;
    for (const auto& member : definition.field("body").named_children()) add(member);
  }
}

syntax::Node FileFunctions::find(std::string_view callee) const {
  if (callee.starts_with(kSelf)) callee.remove_prefix(kSelf.size());
  const auto known = functions_.find(callee);
  return known == functions_.end() ? syntax::Node() : known->second;
}

std::vector<std::string> parameters_for(const syntax::Node& function, std::string_view callee,
                                        const std::vector<syntax::Argument>& arguments) {
  std::vector<std::string_view> names;
  for (const auto& parameter : function.field("parameters").named_children())
    if (const auto name = name_of(parameter)) names.push_back(name.text());
  std::size_t position = callee.starts_with(kSelf) && !names.empty() && names[0] == "self" ? 1 : 0;
  std::vector<std::string> out;
  for (const auto& argument : arguments) {
    if (!argument.name.empty())
      out.emplace_back(argument.name);
    else if (position < names.size())
      out.emplace_back(names[position++]);
    else
      out.emplace_back();
  }
  return out;
}

}  // namespace cogbuild::check
