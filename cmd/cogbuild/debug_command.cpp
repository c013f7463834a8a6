#include "commands.hpp"
#include "debian_choice.hpp"
#include "python_answers.hpp"
#include "session.hpp"

#include <cogbuild/io/tree.hpp>
#include <cogbuild/plan/cog_version.hpp>
#include <cogbuild/schema/openapi.hpp>

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>
#include <string>

namespace cogbuild::cmd {
namespace {

Result<void> run_debian_choose(const DebianQuestion& question, Session& session) {
  TRY_ASSIGN(const auto answer, answer_debian_question(question));
  session.write_result(answer);
  return {};
}

void add_debian_choose(CLI::App& debug, Session& session) {
  auto question = std::make_shared<DebianQuestion>();
  CLI::App* sub =
      debug.add_subcommand("debian-choose", "The packages that some system packages need");
  sub->add_option("--packages", question->packages_files, "A Packages file, not compressed")
      ->take_all()
      ->allow_extra_args(false)
      ->required();
  sub->add_option("--status", question->status_file, "A dpkg status file");
  sub->add_option("--architecture", question->architecture, "As Debian names it")
      ->capture_default_str();
  sub->add_flag("--times", question->times, "Also how long each step took, in milliseconds");
  sub->add_option("names", question->wishes, "NAME, NAME=VERSION or NAME/SUITE")->required();
  sub->callback([question, &session] { session.finish(run_debian_choose(*question, session)); });
}

struct SchemaQuestion {
  std::string directory{};
  std::string predict{};
  std::string train{};
};

Result<void> run_schema(const SchemaQuestion& question, Session& session) {
  const io::DiskTree project(question.directory);
  TRY_ASSIGN(const auto described, schema::describe_project(project, question.predict,
                                                            question.train, plan::kCogVersion));
  session.write_result(described.document);
  return {};
}

void add_schema(CLI::App& debug, Session& session) {
  auto question = std::make_shared<SchemaQuestion>();
  CLI::App* sub = debug.add_subcommand("schema", "The bytes of the OpenAPI document");
  sub->add_option("directory", question->directory, "Of the project")->required();
  sub->add_option("predict", question->predict, "FILE:NAME, or nothing")->required();
  sub->add_option("train", question->train, "FILE:NAME, or nothing")->required();
  sub->callback([question, &session] {
    session.finish(run_schema(*question, session));
    if (session.exit_code() != 0) session.end_with(2);
  });
}

}  // namespace

void add_debug_command(CLI::App& app, Session& session) {
  CLI::App* sub = app.add_subcommand("debug", "Answers about single steps, for tests");
  sub->group("");  // hidden
  sub->require_subcommand(1);
  sub->add_subcommand("python", "Packaging standards: a JSON question on each line of the input")
      ->callback([&session] {
        for (std::string line; std::getline(std::cin, line);)
          session.write_result(answer_python_question(line) + "\n");
      });
  add_debian_choose(*sub, session);
  add_schema(*sub, session);
}

}  // namespace cogbuild::cmd
