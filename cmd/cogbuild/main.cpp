#include "commands.hpp"
#include "session.hpp"

#include <cogbuild/default_index.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <csignal>
#include <cstdlib>
#include <map>
#include <string>

extern char** environ;

namespace {

std::map<std::string, std::string> read_environment() {
  std::map<std::string, std::string> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text(*entry);
    if (const auto equals = text.find('='); equals != std::string::npos)
      environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return environment;
}

// An option given again overrides what was given before, as in Cog; one of several values takes
// one each time, so that it does not take the IMAGE behind it.
void settle_repetitions(CLI::App& command) {
  for (CLI::Option* option : command.get_options()) {
    if (option->get_positional() || option->get_type_size() == 0) continue;
    if (option->get_items_expected_max() == 1)
      option->take_last();
    else
      option->allow_extra_args(false);
  }
}

// The parser's complaint in our words where it hides what was written.
cogbuild::Error usage_error(const CLI::App& app, const CLI::ParseError& error) {
  using cogbuild::ErrorKind;
  const auto hint = [](cogbuild::Error told) {
    return std::move(told).hint("cogbuild --help and cogbuild COMMAND --help list what there is");
  };
  const auto unknown = app.remaining(true);
  if (unknown.empty()) return hint(cogbuild::Error(ErrorKind::usage, error.what()));
  const std::string& first = unknown.front();
  const char* what = app.get_subcommands().empty() && !first.starts_with('-') ? "a command"
                     : first.starts_with('-')                                 ? "a flag"
                                                                              : "expected";
  return hint(cogbuild::Error(ErrorKind::usage, fmt::format("`{}` is not {} here", first, what)));
}

}  // namespace

int main(int argc, char** argv) {
  // A closed pipe behind us is an error of a write, not the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
  cogbuild::cmd::Session session(read_environment());

  CLI::App app("Builds OCI images from Cog projects, without Docker");
  app.set_version_flag("--version", std::string("cogbuild ") + cogbuild::kCogbuildVersion);
  app.require_subcommand(1);
  cogbuild::cmd::add_init_command(app, session);
  cogbuild::cmd::add_build_command(app, session);
  cogbuild::cmd::add_push_command(app, session);
  cogbuild::cmd::add_lock_command(app, session);
  cogbuild::cmd::add_schema_command(app, session);
  cogbuild::cmd::add_report_command(app, session);
  cogbuild::cmd::add_inspect_command(app, session);
  cogbuild::cmd::add_cache_command(app, session);
  cogbuild::cmd::add_check_command(app, session);
  cogbuild::cmd::add_doctor_command(app, session);
  cogbuild::cmd::add_debug_command(app, session);
  for (CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    settle_repetitions(*command);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    session.terminal().error(cogbuild::render(usage_error(app, error)));
    return cogbuild::exit_code(cogbuild::ErrorKind::usage);
  }
  return session.exit_code();
}
