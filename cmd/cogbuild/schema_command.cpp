#include "commands.hpp"
#include "session.hpp"

#include <cogbuild/build/describe.hpp>
#include <cogbuild/io/file.hpp>
#include <cogbuild/schema/inputs_table.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>
#include <sys/ioctl.h>
#include <unistd.h>

namespace cogbuild::cmd {

namespace {

struct SchemaCommand {
  std::string project = ".";
  std::string config_file = "cog.yaml";
  std::string format = "openapi";
  std::string output{};
  bool pretty = false;
  bool all = false;
  bool train = false;
};

bool prints_to_terminal() { return ::isatty(STDOUT_FILENO) == 1; }

std::size_t columns() {
  winsize size{};
  const bool known = prints_to_terminal() && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
  return known && size.ws_col > 0 ? size.ws_col : 100;
}

// Without a line end: the bytes of the document are what a build writes.
Result<std::string> document(const SchemaCommand& command, const build::Options& options,
                             Session& session) {
  std::string text;
  if (const auto file = session.variable("COG_OPENAPI_SCHEMA"); file && !file->empty()) {
    TRY_ASSIGN(text, io::read_file(*file));
    TRY(schema::validate_openapi(text, *file));
  } else {
    TRY_ASSIGN(const auto described, build::describe(options, session.terminal()));
    text = described.document;
  }
  return command.pretty ? schema::indented(text) : text;
}

Result<std::string> rendered(const SchemaCommand& command, const build::Options& options,
                             Session& session) {
  if (command.format == "openapi") return document(command, options, session);
  TRY_ASSIGN(const auto described, build::describe(options, session.terminal()));
  const auto& wanted = command.train ? described.train : described.predict;
  if (!wanted && command.train)
    return fail(Error(ErrorKind::usage, "the project has no `train` in cog.yaml")
                    .hint("leave out --train"));
  const schema::Signature& signature = wanted ? *wanted : *described.train;
  if (command.format == "table") return schema::inputs_as_text(signature, columns());
  if (command.format == "markdown") return schema::inputs_as_markdown(signature);
  if (command.format == "json") return schema::inputs_as_json(signature) + "\n";
  if (command.format == "example") return schema::example_request(signature, command.all) + "\n";
  return schema::example_command(signature) + "\n";
}

Result<void> run_schema(const SchemaCommand& command, Session& session) {
  build::Options options;
  options.project = command.project;
  options.config_file = command.config_file;
  TRY_ASSIGN(std::string text, rendered(command, options, session));
  if (!command.output.empty()) return io::write_atomically(command.output, text);
  if (prints_to_terminal() && !text.ends_with('\n')) text += '\n';
  session.write_result(text);
  return {};
}

}  // namespace

void add_schema_command(CLI::App& app, Session& session) {
  auto command = std::make_shared<SchemaCommand>();
  CLI::App* sub = app.add_subcommand(
      "schema", "Say what inputs the model takes, read from its code without running it");
  sub->add_option("-C,--directory", command->project, "Project directory, or one below it");
  sub->add_option("-f,--file", command->config_file, "Name of the config file")
      ->capture_default_str();
  sub->add_option("--format", command->format,
                  "openapi (what a build writes into the image), table, markdown (for a README), "
                  "json, example (the body of a request) or curl")
      ->capture_default_str()
      ->check(CLI::IsMember({"openapi", "table", "markdown", "json", "example", "curl"}));
  sub->add_flag("--pretty", command->pretty, "Indent the document of --format openapi");
  sub->add_flag("--all", command->all, "Optional inputs stand in the example too");
  sub->add_flag("--train", command->train, "Of `train`, for the formats other than openapi");
  sub->add_option("-o,--output", command->output, "Write to this file");
  sub->callback([command, &session] { session.finish(run_schema(*command, session)); });
}

}  // namespace cogbuild::cmd
