#include "resolved_directory.hpp"

#include <cogbuild/plan/plan_image.hpp>

#include <fmt/format.h>

namespace cogbuild::plan {

Result<InstallScheme> install_scheme(const base::TreeSummary& base) {
  if (!base.interpreter)
    return fail(Error(ErrorKind::config, "the base image has no Python")
                    .hint("choose a base with Python, such as docker.io/library/python:3.11-slim"));
  const auto& interpreter = *base.interpreter;
  InstallScheme scheme;
  scheme.interpreter = interpreter.path;
  const auto second_dot = interpreter.version.find('.', interpreter.version.find('.') + 1);
  scheme.python = interpreter.version.substr(0, second_dot);
  TRY_ASSIGN(scheme.site_directory, resolved_directory(base.tree, interpreter.site_directory));
  TRY_ASSIGN(scheme.data_directory, resolved_directory(base.tree, interpreter.prefix));
  TRY_ASSIGN(scheme.scripts_directory, resolved_directory(base.tree, interpreter.prefix + "/bin"));
  TRY_ASSIGN(scheme.include_directory,
             resolved_directory(
                 base.tree, fmt::format("{}/include/python{}", interpreter.prefix, scheme.python)));

  const std::string below = scheme.data_directory + "/";
  for (const auto& [path, node] : base.tree.entries()) {
    if (node.type != filetree::NodeType::symlink || !path.starts_with(below)) continue;
    const auto target = resolved_directory(base.tree, "/" + path);
    if (!target) continue;  // loops and the like matter only to who walks into them
    const auto* found = base.tree.find(*target);
    if (found != nullptr && found->type == filetree::NodeType::directory)
      scheme.links.emplace_back(path, *target);
  }
  return scheme;
}

}  // namespace cogbuild::plan
