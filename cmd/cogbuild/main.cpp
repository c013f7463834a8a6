#include "commands.hpp"
#include "session.hpp"

#include <cogbuild/default_index.hpp>

#include <CLI/CLI.hpp>

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

}  // namespace

int main(int argc, char** argv) {
  // A closed pipe behind us is an error of a write, not the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
  cogbuild::cmd::Session session(read_environment());

  CLI::App app("Builds OCI images from Cog projects, without Docker");
  app.set_version_flag("--version", std::string("cogbuild ") + cogbuild::kCogbuildVersion);
  app.require_subcommand(1);
  cogbuild::cmd::add_build_command(app, session);
  cogbuild::cmd::add_push_command(app, session);
  cogbuild::cmd::add_report_command(app, session);
  cogbuild::cmd::add_inspect_command(app, session);
  cogbuild::cmd::add_cache_command(app, session);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    session.terminal().error(cogbuild::render(
        cogbuild::Error(cogbuild::ErrorKind::usage, error.what())
            .hint("cogbuild --help and cogbuild COMMAND --help list what there is")));
    return cogbuild::exit_code(cogbuild::ErrorKind::usage);
  }
  return session.exit_code();
}
