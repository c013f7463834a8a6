#include "project_step.hpp"

#include <filesystem>

namespace cogbuild::build {

namespace {

std::string variable(const Services& services, const std::string& name) {
  const auto found = services.environment.find(name);
  return found == services.environment.end() ? std::string() : found->second;
}

bool below_git(std::filesystem::path directory) {
  std::error_code ignored;
  for (;;) {
    if (std::filesystem::exists(directory / ".git", ignored)) return true;
    const auto parent = directory.parent_path();
    if (parent == directory) return false;
    directory = parent;
  }
}

std::string git(const std::filesystem::path& root, std::vector<std::string> arguments,
                process::Runner& runner) {
  std::vector<std::string> command{"git", "--no-optional-locks"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const auto outcome = runner.run({.arguments = std::move(command), .directory = root});
  if (!outcome || outcome->exit_code != 0) return {};
  std::string text = outcome->output;
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> source_labels(const std::filesystem::path& root,
                                                               Services& services) {
  std::string revision = variable(services, "GITHUB_SHA");
  std::string version = variable(services, "GITHUB_REF_NAME");
  if ((revision.empty() || version.empty()) && below_git(root)) {
    if (revision.empty()) revision = git(root, {"rev-parse", "HEAD"}, services.runner);
    if (version.empty()) version = git(root, {"describe", "--tags", "--dirty"}, services.runner);
  }
  std::vector<std::pair<std::string, std::string>> labels;
  if (!revision.empty()) labels.emplace_back("org.opencontainers.image.revision", revision);
  if (!version.empty()) labels.emplace_back("org.opencontainers.image.version", version);
  return labels;
}

}  // namespace cogbuild::build
