#include "commands.hpp"
#include "report_output.hpp"
#include "session.hpp"

#include <cogbuild/io/file.hpp>
#include <cogbuild/report/report_json.hpp>

#include <CLI/CLI.hpp>

#include <memory>

namespace cogbuild::cmd {

namespace {

struct ReportCommand {
  std::string image{};
  std::string from{};
  std::string format = "text";
  ReportFlags flags{};
};

Result<report::ImageSummary> subject(const ReportCommand& command, build::Services& services) {
  if (command.from.empty()) return summarize(command.image, Where::local_first, services);
  TRY_ASSIGN(const std::string text, io::read_file(command.from));
  TRY_ASSIGN(auto report, report::parse_json(text));
  return std::move(report.image);
}

Result<void> run_report(const ReportCommand& command, Session& session) {
  if (command.image.empty() == command.from.empty())
    return fail(Error(ErrorKind::usage, "give an IMAGE, or a report with --from FILE"));
  TRY_ASSIGN(const auto request, to_request(command.flags, session));
  TRY_ASSIGN(auto* const services, session.services());
  TRY_ASSIGN(auto image, subject(command, *services));
  TRY_ASSIGN(const auto report, make_report(std::move(image), request, *services));
  TRY_ASSIGN(const std::string text, render_as(report, command.format));
  session.write_result(text);
  TRY(write_files(report, request.files));
  return enforce_budgets(report, session);
}

}  // namespace

void add_report_command(CLI::App& app, Session& session) {
  auto command = std::make_shared<ReportCommand>();
  CLI::App* sub =
      app.add_subcommand("report", "Show what an image's layers hold and how large they are");
  sub->add_option(
      "image", command->image,
      "A local name, REGISTRY/NAME[:TAG], oci:DIR, oci-archive:FILE or docker-archive:FILE");
  sub->add_option("--from", command->from, "Make the report from an earlier JSON report instead");
  sub->add_option("--format", command->format, "text, json or markdown")
      ->capture_default_str()
      ->check(CLI::IsMember({"text", "json", "markdown"}));
  add_report_flags(*sub, command->flags);
  sub->callback([command, &session] { session.finish(run_report(*command, session)); });
}

}  // namespace cogbuild::cmd
