#include "entry_point.hpp"

#include <cogbuild/syntax/expressions.hpp>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace cogbuild::check {

std::optional<EntryPoint> entry_point(const Subject& subject,
                                      const config::Located<std::string>& reference) {
  constexpr std::string_view kMark = ".py:";
  const std::size_t at = reference->find(kMark);
  if (at == std::string::npos) return std::nullopt;
  EntryPoint out;
  out.path = std::filesystem::path(reference->substr(0, at + kMark.size() - 1))
                 .lexically_normal()
                 .generic_string();
  out.name = reference->substr(at + kMark.size());
  out.file = subject.python_file(out.path);
  if (out.file == nullptr || out.file->module() == nullptr) return out;
  for (const syntax::Node& statement : out.file->module()->root().named_children()) {
    const syntax::Node class_node = syntax::class_definition(statement);
    if (class_node.field("name").text() == out.name && !out.class_node) out.class_node = class_node;
    const syntax::Node function = syntax::function_definition(statement);
    if (function.field("name").text() == out.name && !out.function_node)
      out.function_node = function;
  }
  return out;
}

std::vector<EntryPoint> entry_points(const Subject& subject) {
  std::vector<EntryPoint> out;
  if (!subject.config) return out;
  for (const auto* reference : {&subject.config->predict, &subject.config->train}) {
    auto found = entry_point(subject, *reference);
    if (!found || found->file == nullptr) continue;
    const bool known = std::any_of(
        out.begin(), out.end(), [&](const EntryPoint& other) { return other.file == found->file; });
    if (!known) out.push_back(*std::move(found));
  }
  return out;
}

std::vector<syntax::Node> methods(const syntax::Node& class_node, std::string_view name) {
  std::vector<syntax::Node> out;
  for (const syntax::Node& statement : class_node.field("body").named_children()) {
    const syntax::Node function = syntax::function_definition(statement);
    if (function && function.field("name").text() == name) out.push_back(function);
  }
  return out;
}

bool has_old_decorators(const EntryPoint& entry) {
  for (const syntax::Node& statement : entry.class_node.field("body").named_children()) {
    const syntax::Node function = syntax::function_definition(statement);
    if (!function) continue;
    for (const syntax::Node& decorator : syntax::decorators(function)) {
      const syntax::Node callee = decorator.is("call") ? decorator.field("function") : decorator;
      if (entry.file->names().resolve(callee) == "cog.input") return true;
    }
  }
  return false;
}

std::vector<std::string> top_level_names(const syntax::Module& module) {
  std::vector<std::string> out;
  for (const syntax::Node& statement : module.root().named_children()) {
    for (const syntax::Node& node :
         {syntax::class_definition(statement), syntax::function_definition(statement)})
      if (node) out.emplace_back(node.field("name").text());
  }
  return out;
}

}  // namespace cogbuild::check
