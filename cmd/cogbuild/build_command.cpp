#include "build_flags.hpp"
#include "commands.hpp"
#include "report_output.hpp"
#include "session.hpp"

#include <cogbuild/build/build.hpp>
#include <cogbuild/report/render_text.hpp>
#include <cogbuild/report/report_json.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <chrono>
#include <memory>

namespace cogbuild::cmd {

namespace {

struct BuildCommand {
  BuildFlags flags{};
  bool plan = false;
  bool json = false;
  std::string explain{};
};

Result<void> run_build(const BuildCommand& command, Session& session) {
  const auto begun = std::chrono::steady_clock::now();
  if (command.flags.quiet || command.flags.progress == "quiet")
    session.set_verbosity(Verbosity::quiet);
  if (command.flags.verbose) session.set_verbosity(Verbosity::verbose);
  TRY_ASSIGN(const auto options, to_options(command.flags));
  TRY_ASSIGN(const auto request, to_request(command.flags.report, session));
  TRY_ASSIGN(auto* const services, session.services());
  if (!command.explain.empty()) {
    if (command.explain != "base")
      return fail(Error(ErrorKind::usage, fmt::format("`{}` cannot be explained", command.explain))
                      .hint("--explain takes base"));
    TRY_ASSIGN(const auto lines, build::explain_base(options, *services));
    session.write_result(fmt::format("{}\n", fmt::join(lines, "\n")));
    return {};
  }
  if (command.plan) {
    TRY_ASSIGN(const auto plan, build::plan(options, *services));
    session.write_result(command.json ? plan::to_json(plan) + "\n" : plan::to_text(plan));
    return {};
  }
  TRY_ASSIGN(auto built, build::build(options, *services));
  const std::string name = built.name;
  const std::string digest = to_string(built.manifest);
  TRY_ASSIGN(const auto report, make_report(std::move(built.summary), request, *services));
  if (!command.json) session.terminal().note(report::render_text(report));
  session.terminal().note(
      fmt::format("built {} in {:.2f} s", name,
                  std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count()));
  session.write_result(command.json ? report::render_json(report) : digest + "\n");
  TRY(write_files(report, request.files));
  return enforce_budgets(report, session);
}

}  // namespace

void add_build_command(CLI::App& app, Session& session) {
  auto command = std::make_shared<BuildCommand>();
  CLI::App* sub = app.add_subcommand("build", "Build an image from the project in this directory");
  add_build_flags(*sub, command->flags, true);
  sub->add_flag("--plan", command->plan, "Print what would be built, and stop");
  sub->add_option("--explain", command->explain, "Say why `base` is what it is, and stop");
  sub->add_flag("--json", command->json, "Print the report (or the plan) as JSON");
  sub->callback([command, &session] { session.finish(run_build(*command, session)); });
}

}  // namespace cogbuild::cmd
