#include "checked_project.hpp"
#include "commands.hpp"
#include "session.hpp"

#include <cogbuild/check/subject.hpp>
#include <cogbuild/doctor/checklist.hpp>
#include <cogbuild/doctor/gather.hpp>
#include <cogbuild/image/reference.hpp>
#include <cogbuild/io/tree.hpp>
#include <cogbuild/pypi/index_config.hpp>
#include <cogbuild/registry/credentials.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <system_error>
#include <vector>

namespace cogbuild::cmd {

namespace {

struct DoctorCommand {
  std::string directory = ".";
  std::string config_file = "cog.yaml";
  std::string format = "text";
  bool fix = false;
  bool offline = false;
};

// A project without the file is a finding of the doctor, not its end.
Result<CheckedProject> project_of(const DoctorCommand& command) {
  auto project = find_project(command.directory, command.config_file);
  if (project || project.error().kind() != ErrorKind::config) return project;
  std::error_code code;
  auto root = std::filesystem::canonical(command.directory, code);
  if (code) return project;
  return CheckedProject{.root = std::move(root), .config_file = command.config_file};
}

// What of cog.yaml and the requirements decides what is needed around the project.
void look_at_project(const check::Subject& subject, doctor::Facts& facts) {
  if (subject.requirements)
    facts.needs_git = std::any_of(subject.requirements->requirements.begin(),
                                  subject.requirements->requirements.end(),
                                  [](const python::RequirementLine& line) {
                                    return line.kind == python::RequirementLine::Kind::versioned ||
                                           line.requirement.url.starts_with("git+");
                                  });
  if (!subject.config) return;
  facts.needs_gpgv = !subject.config->system_packages.empty();
  const std::string& image =
      subject.config->image->empty() ? *subject.config->model : *subject.config->image;
  if (image.empty()) return;
  if (const auto reference = image::parse_reference(image)) facts.registry = reference->registry;
}

void look_for_credentials(const build::Services& services, Session& session, doctor::Facts& facts) {
  if (facts.registry.empty()) return;
  const auto variable = [&](const char* name) { return session.variable(name).value_or(""); };
  const auto credentials_for = registry::credentials_from(
      registry::credential_files({.docker_config = variable("DOCKER_CONFIG"),
                                  .registry_auth_file = variable("REGISTRY_AUTH_FILE"),
                                  .xdg_runtime_dir = variable("XDG_RUNTIME_DIR"),
                                  .xdg_config_home = variable("XDG_CONFIG_HOME"),
                                  .home = variable("HOME")}),
      services.runner);
  if (const auto credentials = credentials_for(facts.registry))
    facts.has_credentials = !credentials->empty();
  else
    facts.credentials_problem = credentials.error().message();
}

doctor::Facts environment_of(const CheckedProject& project, const check::Subject& subject,
                             build::Services& services, Session& session, bool offline) {
  doctor::Question question{.environment = services.environment, .project = project.root};
  question.known.offline = offline;
  // The cache holds this directory.
  question.known.cache = services.git_directory.parent_path();
  look_at_project(subject, question.known);
  look_for_credentials(services, session, question.known);
  question.configuration_files = pypi::pip_config_paths(services.environment);
  for (auto& path : pypi::uv_config_paths(services.environment))
    question.configuration_files.push_back(std::move(path));
  const auto options =
      subject.requirements ? subject.requirements->options : python::IndexOptions{};
  if (const auto indexes =
          pypi::choose_indexes(options, build::index_sources(services, project.root)))
    question.indexes = indexes->indexes;
  else
    question.known.index_problem = indexes.error().message();
  return doctor::gather(question, services.http, services.clock);
}

Result<void> run_doctor(const DoctorCommand& command, Session& session) {
  constexpr int kErrors = 1;  // Cog's
  const check::Options options{.doctor = true};
  TRY_ASSIGN(const auto project, project_of(command));
  TRY_ASSIGN(const auto outcome, command.fix ? fix_project(project, options, session)
                                             : check_project(project, options));
  std::vector<doctor::Verdict> environment;
  if (const auto services = session.services()) {
    const io::DiskTree tree(project.root);
    TRY_ASSIGN(const auto subject, check::read_subject(tree, project.config_file));
    environment =
        doctor::judge(environment_of(project, subject, **services, session, command.offline));
  } else {
    // Without a cache nothing else of the environment matters.
    environment.push_back({"cache", doctor::Grade::error,
                           fmt::format("the cache cannot be used: {}", services.error().message()),
                           "set COGBUILD_CACHE_DIR to a directory that you may write"});
  }
  const auto items = doctor::checklist(outcome, environment);
  session.write_result(command.format == "json"
                           ? doctor::render_json(items)
                           : doctor::render_text(items, colors_results(session)));
  if (doctor::count(items, doctor::Grade::error) > 0) session.end_with(kErrors);
  return {};
}

}  // namespace

void add_doctor_command(CLI::App& app, Session& session) {
  auto command = std::make_shared<DoctorCommand>();
  CLI::App* sub = app.add_subcommand(
      "doctor", "Look at the project and at what a build needs around it (exit 1 on errors)");
  sub->add_option("-C,--directory", command->directory, "Project directory, or one below it");
  sub->add_option("-f,--file", command->config_file, "Name of the config file")
      ->capture_default_str();
  sub->add_flag("--fix", command->fix, "Change the files where that is safe, then look again");
  sub->add_flag("--offline", command->offline, "Ask no server");
  sub->add_option("--format", command->format, "text or json")
      ->capture_default_str()
      ->check(CLI::IsMember({"text", "json"}));
  sub->callback([command, &session] { session.finish(run_doctor(*command, session)); });
}

}  // namespace cogbuild::cmd
