#include <cogbuild/plan/plan_image.hpp>

#include <fmt/format.h>

namespace cogbuild::plan {

namespace {

std::string relative(const std::string& absolute) {
  return absolute.starts_with('/') ? absolute.substr(1) : absolute;
}

// `/usr/local/lib` as it really lies: with every component resolved, the last one too.
Result<std::string> directory(const filetree::FileTree& tree, const std::string& absolute) {
  TRY_ASSIGN(const std::string path, tree.canonical(relative(absolute) + "/."));
  return path.substr(0, path.size() - 2);
}

}  // namespace

Result<InstallScheme> install_scheme(const base::TreeSummary& base) {
  if (!base.interpreter)
    return fail(Error(ErrorKind::config, "the base image has no Python")
                    .hint("choose a base with Python, such as docker.io/library/python:3.11-slim"));
  const auto& interpreter = *base.interpreter;
  InstallScheme scheme;
  scheme.interpreter = interpreter.path;
  const auto second_dot = interpreter.version.find('.', interpreter.version.find('.') + 1);
  scheme.python = interpreter.version.substr(0, second_dot);
  TRY_ASSIGN(scheme.site_directory, directory(base.tree, interpreter.site_directory));
  TRY_ASSIGN(scheme.data_directory, directory(base.tree, interpreter.prefix));
  TRY_ASSIGN(scheme.scripts_directory, directory(base.tree, interpreter.prefix + "/bin"));
  TRY_ASSIGN(
      scheme.include_directory,
      directory(base.tree, fmt::format("{}/include/python{}", interpreter.prefix, scheme.python)));

  const std::string below = scheme.data_directory + "/";
  for (const auto& [path, node] : base.tree.entries()) {
    if (node.type != filetree::NodeType::symlink || !path.starts_with(below)) continue;
    const auto target = directory(base.tree, "/" + path);
    if (!target) continue;  // loops and the like matter only to who walks into them
    const auto* found = base.tree.find(*target);
    if (found != nullptr && found->type == filetree::NodeType::directory)
      scheme.links.emplace_back(path, *target);
  }
  return scheme;
}

}  // namespace cogbuild::plan
