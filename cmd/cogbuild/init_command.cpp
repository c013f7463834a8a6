#include "commands.hpp"
#include "session.hpp"

#include <cogbuild/scaffold/scaffold.hpp>
#include <cogbuild/scaffold/write_project.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

namespace cogbuild::cmd {

namespace {

namespace fs = std::filesystem;

struct InitCommand {
  scaffold::Choices choices{};
  std::string directory = ".";
  bool list = false;
};

std::string list_of_templates() {
  std::size_t width = 0;
  for (const auto& each : scaffold::templates()) width = std::max(width, each.name.size());
  std::string text;
  for (const auto& each : scaffold::templates())
    text += fmt::format("{:{}}  {}\n", each.name, width, each.summary);
  return text;
}

// The last name of a path, also of `.` and `..`.
std::string name_of(const fs::path& directory) {
  std::error_code code;
  const auto whole = fs::weakly_canonical(directory, code);
  return (code ? directory : whole).filename().string();
}

std::string next_steps(const InitCommand& command, const scaffold::Template& chosen) {
  std::vector<std::string> steps;
  if (fs::path(command.directory).lexically_normal() != ".")
    steps.push_back(fmt::format("cd {}", command.directory));
  if (!chosen.first_step.empty()) steps.emplace_back(chosen.first_step);
  steps.insert(steps.end(), {"cogbuild check", "cogbuild build"});
  const bool has_registry = command.choices.image.find('/') != std::string::npos;
  steps.emplace_back(has_registry ? "cogbuild push" : "cogbuild push REGISTRY/NAME");
  return fmt::format("next:\n  {}", fmt::join(steps, "\n  "));
}

Result<void> run_init(InitCommand command, Session& session) {
  if (command.list) {
    session.write_result(list_of_templates());
    return {};
  }
  if (command.choices.image.empty())
    command.choices.image = scaffold::image_name_for(name_of(command.directory));
  TRY_ASSIGN(const auto* const chosen, scaffold::find_template(command.choices.template_name));
  TRY_ASSIGN(const auto files, scaffold::new_project(command.choices));
  TRY_ASSIGN(const auto written, scaffold::write_project(files, command.directory));
  for (const auto& path : written.created) session.terminal().note("made " + path);
  for (const auto& path : written.kept) session.terminal().note("kept " + path);
  session.terminal().note(next_steps(command, *chosen));
  return {};
}

}  // namespace

void add_init_command(CLI::App& app, Session& session) {
  auto command = std::make_shared<InitCommand>();
  command->choices.template_name = scaffold::templates().front().name;
  CLI::App* sub = app.add_subcommand("init", "Start a project: cog.yaml, a model, its inputs");
  sub->add_option("directory", command->directory, "Where; it may hold other files")
      ->capture_default_str();
  sub->add_option("--template", command->choices.template_name, "What to start from; see --list")
      ->capture_default_str();
  sub->add_option("--image", command->choices.image,
                  "Name of the image, such as registry.example/me/my-model; default: the "
                  "directory's name");
  sub->add_flag("--workflow", command->choices.workflow,
                "Also a GitHub workflow that checks, builds, reports sizes and pushes");
  sub->add_flag("--list", command->list, "List the templates");
  sub->callback([command, &session] { session.finish(run_init(*command, session)); });
}

}  // namespace cogbuild::cmd
