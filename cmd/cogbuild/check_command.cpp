#include "checked_project.hpp"
#include "comma_list.hpp"
#include "commands.hpp"
#include "session.hpp"

#include <cogbuild/check/render.hpp>
#include <cogbuild/default_index.hpp>
#include <cogbuild/io/file.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>
#include <system_error>
#include <vector>

namespace cogbuild::cmd {

namespace {

struct CheckCommand {
  std::string directory = ".";
  std::string config_file = "cog.yaml";
  std::string format = "text";
  std::string output{};
  std::string explain{};
  std::vector<std::string> only{};
  std::vector<std::string> enable{};
  std::vector<std::string> disable{};
  bool list = false;
  bool fix = false;
  bool strict = false;
};

Result<void> list_rules(const std::string& format, Session& session) {
  if (format != "text" && format != "markdown")
    return fail(Error(ErrorKind::usage, fmt::format("--list cannot print {}", format))
                    .hint("allowed are text and markdown"));
  session.write_result(format == "text" ? check::rules_as_text() : check::rules_as_markdown());
  return {};
}

// Where the project lies in its repository, as those who read SARIF and annotations want it.
std::string directory_in_repository(const std::filesystem::path& root, const Session& session) {
  std::error_code code;
  std::filesystem::path repository;
  if (const auto workspace = session.variable("GITHUB_WORKSPACE"))
    repository = std::filesystem::canonical(*workspace, code);
  for (auto at = root; repository.empty() && at != at.parent_path(); at = at.parent_path())
    if (std::filesystem::exists(at / ".git", code)) repository = at;
  if (repository.empty()) return {};
  const auto inside = root.lexically_relative(repository).generic_string();
  return inside == "." || inside.starts_with("..") ? std::string() : inside;
}

Result<std::string> render_as(const check::Outcome& outcome, const CheckCommand& command,
                              const CheckedProject& project, const Session& session) {
  if (command.format == "json") return check::render_json(outcome);
  if (command.format == "sarif")
    return check::render_sarif(outcome, kCogbuildVersion,
                               directory_in_repository(project.root, session));
  if (command.format == "github")
    return check::render_github(outcome, directory_in_repository(project.root, session));
  if (command.format == "markdown")
    return fail(Error(ErrorKind::usage, "findings cannot be printed as markdown")
                    .hint("allowed are text, json, sarif and github; --list prints markdown"));
  return check::render_text(outcome, command.output.empty() && colors_results(session));
}

Result<void> run_check(const CheckCommand& command, Session& session) {
  if (!command.explain.empty()) {
    TRY_ASSIGN(const auto text, check::explain_rule(command.explain));
    session.write_result(text);
    return {};
  }
  if (command.list) return list_rules(command.format, session);
  const check::Options options{.only = split_commas(command.only),
                               .enable = split_commas(command.enable),
                               .disable = split_commas(command.disable)};
  TRY_ASSIGN(const auto project, find_project(command.directory, command.config_file));
  TRY_ASSIGN(const auto outcome, command.fix ? fix_project(project, options, session)
                                             : check_project(project, options));
  TRY_ASSIGN(const auto text, render_as(outcome, command, project, session));
  if (command.output.empty() || command.output == "-") {
    session.write_result(text);
  } else {
    TRY(io::write_atomically(command.output, text));
    session.terminal().note(check::summary(outcome));
  }
  end_with_findings(outcome, command.strict, session);
  return {};
}

}  // namespace

void add_check_command(CLI::App& app, Session& session) {
  auto command = std::make_shared<CheckCommand>();
  CLI::App* sub = app.add_subcommand(
      "check", "Say what would make the model unreliable, slow or hard to use (exit 5 on errors)");
  sub->add_option("-C,--directory", command->directory, "Project directory, or one below it");
  sub->add_option("-f,--file", command->config_file, "Name of the config file")
      ->capture_default_str();
  sub->add_option("--format", command->format,
                  "text, json, sarif or github (workflow commands); --list: text or markdown")
      ->capture_default_str()
      ->check(CLI::IsMember({"text", "json", "sarif", "github", "markdown"}));
  sub->add_option("-o,--output", command->output, "Write the findings to FILE");
  sub->add_flag("--strict", command->strict, "Exit 5 on warnings too");
  sub->add_flag("--fix", command->fix, "Change the files where that is safe, then check again");
  const auto add_rules = [&](const char* name, std::vector<std::string>& target,
                             const char* description) {
    sub->add_option(name, target, description)->take_all();
  };
  add_rules("--only", command->only, "Run these rules or groups of rules alone: a,b");
  add_rules("--enable", command->enable, "Run these too");
  add_rules("--disable", command->disable, "Do not run these");
  sub->add_option("--explain", command->explain, "Say why a RULE is there, with examples");
  sub->add_flag("--list", command->list, "List the rules");
  sub->callback([command, &session] { session.finish(run_check(*command, session)); });
}

}  // namespace cogbuild::cmd
