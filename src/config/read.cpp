#include "node_reader.hpp"
#include "source_text.hpp"
#include "validate.hpp"
#include "value_rules.hpp"
#include "weights_section.hpp"
#include "yaml_document.hpp"

#include <cogbuild/config/config.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

namespace cogbuild::config {

namespace {

// Fills a Config from the nodes of a document, one method per key that is more than a text.
class ConfigReader {
 public:
  explicit ConfigReader(NodeReader& reader) : reader_(reader) {}

  void read(const Node& root);

  Config config{};
  Places places{};

 private:
  void report(const SourceLocation& place, const std::optional<Problem>& problem) {
    if (problem) reader_.findings().error(place, problem->message, problem->hint);
  }
  void deprecated(const Node& key, std::string hint) {
    reader_.findings().warning(reader_.place(key),
                               fmt::format("{} is deprecated", literal(key.text)), std::move(hint));
  }
  // A field that is one text with a rule of its own.
  template <class Check>
  auto text_field(std::string_view name, Located<std::string>& target, Check check) {
    return [this, name, &target, check](const Node&, const Node& value) {
      reader_.text(value, name, target);
      if (!target->empty()) report(target.location, check(*target));
    };
  }
  auto any_text(std::string_view name, Located<std::string>& target) {
    return text_field(name, target, [](std::string_view) -> std::optional<Problem> { return {}; });
  }
  auto entry_point(std::string_view name, std::string_view key, Located<std::string>& target) {
    return text_field(name, target,
                      [key](std::string_view text) { return check_entry_point(key, text); });
  }

  void read_python_packages(const Node& node);
  void read_run(const Node& node);
  void read_run_mapping(const Node& node);
  void read_mounts(const Node& node, RunStep& step);
  void read_pre_install(const Node& node);
  void read_concurrency(const Node& node);
  void read_environment(const Node& node);

  NodeReader& reader_;
};

void ConfigReader::read(const Node& root) {
  std::vector<Field> build_fields;
  std::vector<Field> top_fields;
  const Level top{.where = "at the top level", .fields = &top_fields};
  const Level build{.where = "under `build`", .fields = &build_fields, .other = &top};
  const Level top_level{.where = top.where, .fields = &top_fields, .other = &build};

  build_fields = {
      {"gpu", [&](const Node&, const Node& value) { reader_.flag(value, "`gpu`", config.gpu); }},
      {"python_version",
       [&](const Node& key, const Node& value) {
         places.python_version_is_wrong = value.kind != Node::Kind::scalar;
         text_field("`python_version`", config.python_version, check_python_version)(key, value);
       }},
      {"python_requirements", any_text("`python_requirements`", config.python_requirements)},
      {"python_packages",
       [&](const Node& key, const Node& value) {
         deprecated(key, "list the packages in a file and name it in `python_requirements`");
         places.python_packages = reader_.place(key);
         read_python_packages(value);
       }},
      {"run", [&](const Node&, const Node& value) { read_run(value); }},
      {"system_packages",
       [&](const Node&, const Node& value) {
         reader_.texts(value, "`system_packages`", config.system_packages);
       }},
      {"pre_install",
       [&](const Node& key, const Node& value) {
         deprecated(key, "move the commands to the end of `run`, where they are executed anyway");
         read_pre_install(value);
       }},
      {"cuda", text_field("`cuda`", config.cuda, check_cuda)},
      {"cudnn", any_text("`cudnn`", config.cudnn)},
      {"sdk_version", text_field("`sdk_version`", config.sdk_version, check_sdk_version)},
  };
  top_fields = {
      {"build",
       [&](const Node& key, const Node& value) {
         if (reader_.mapping(value, "`build`", build)) places.build = reader_.place(key);
       }},
      {"image", any_text("`image`", config.image)},
      {"model", text_field("`model`", config.model, check_model)},
      {"run", entry_point("`run`", "run", places.run)},
      {"predict",
       [&](const Node& key, const Node& value) {
         deprecated(key, "write `run` instead");
         entry_point("`predict`", "predict", places.predict)(key, value);
       }},
      {"train", entry_point("`train`", "train", config.train)},
      {"concurrency",
       [&](const Node& key, const Node& value) {
         deprecated(key, "put `@cog.concurrent(max=…)` on the method instead");
         places.concurrency = reader_.place(key);
         read_concurrency(value);
       }},
      {"environment", [&](const Node&, const Node& value) { read_environment(value); }},
      {"weights",
       [&](const Node& key, const Node& value) {
         places.weights = reader_.place(key);
         config.weights = read_weights(value, reader_);
       }},
  };
  reader_.mapping(root, "the file", top_level);
  config.predict = places.run->empty() ? places.predict : places.run;
}

void ConfigReader::read_python_packages(const Node& node) {
  reader_.texts(node, "`python_packages`", config.python_packages);
  for (const auto& package : config.python_packages)
    if (const auto problem = check_inline_options(*package))
      reader_.findings().warning(package.location, problem->message, problem->hint);
}

void ConfigReader::read_run(const Node& node) {
  reader_.list(node, "`run`", [&](const Node& item) {
    if (item.kind == Node::Kind::mapping) return read_run_mapping(item);
    if (const auto command = reader_.text(item, "an item of `run`")) {
      report(command->location, check_command("run", **command));
      config.run_steps.push_back({RunStep{.command = **command}, command->location});
    }
  });
}

void ConfigReader::read_run_mapping(const Node& node) {
  Located<RunStep> step{.value = {}, .location = reader_.place(node)};
  bool has_command = false;
  const std::vector<Field> fields = {
      {"command",
       [&](const Node&, const Node& value) {
         has_command = true;
         if (const auto command = reader_.text(value, "`command`")) {
           step.value.command = **command;
           step.location = command->location;
         }
         if (value.kind == Node::Kind::scalar)
           report(reader_.place(value), check_command("run", value.text));
       }},
      {"mounts", [&](const Node&, const Node& value) { read_mounts(value, step.value); }},
  };
  reader_.mapping(node, "an item of `run`", {.where = "in an item of `run`", .fields = &fields});
  if (!has_command)
    reader_.findings().error(reader_.place(node), "an item of `run` needs `command`",
                             "add `command: …`, or write the item as plain text");
  config.run_steps.push_back(std::move(step));
}

void ConfigReader::read_mounts(const Node& node, RunStep& step) {
  reader_.list(node, "`mounts`", [&](const Node& item) {
    Located<std::string> type, id, target;
    const std::vector<Field> fields = {
        {"type", any_text("`type`", type)},
        {"id", any_text("`id`", id)},
        {"target", any_text("`target`", target)},
    };
    if (!reader_.mapping(item, "an item of `mounts`",
                         {.where = "in an item of `mounts`", .fields = &fields}))
      return;
    const std::pair<std::string_view, const Located<std::string>*> required[] = {
        {"type: secret", &type}, {"id: …", &id}, {"target: …", &target}};
    for (const auto& [example, value] : required)
      if ((*value)->empty())
        reader_.findings().error(
            reader_.place(item),
            fmt::format("an item of `mounts` needs `{}`", example.substr(0, example.find(':'))),
            fmt::format("add `{}`", example));
    if (!type->empty() && *type != "secret")
      reader_.findings().error(
          type.location,
          fmt::format("the mount type {} is not supported: only `secret` is", literal(*type)),
          "write `type: secret`");
    step.mounts.push_back({.type = *type, .id = *id, .target = *target});
  });
}

void ConfigReader::read_pre_install(const Node& node) {
  reader_.texts(node, "`pre_install`", config.pre_install);
  for (const auto& command : config.pre_install)
    report(command.location, check_command("pre_install", *command));
}

void ConfigReader::read_concurrency(const Node& node) {
  const std::vector<Field> fields = {
      {"max",
       [&](const Node&, const Node& value) {
         places.concurrency_max = reader_.place(value);
         config.concurrency_max = reader_.whole_number(value, "`concurrency.max`");
       }},
  };
  const bool is_mapping =
      reader_.mapping(node, "`concurrency`", {.where = "under `concurrency`", .fields = &fields});
  if (!is_mapping) places.concurrency = {};
}

void ConfigReader::read_environment(const Node& node) {
  std::map<std::string, std::string> variables;
  reader_.list(node, "`environment`", [&](const Node& item) {
    const auto text = reader_.text(item, "an item of `environment`");
    if (!text) return;
    const auto equals = text->value.find('=');
    if (equals == std::string::npos)
      return reader_.findings().error(text->location, fmt::format("{} has no `=`", literal(**text)),
                                      "write it as `NAME=value`");
    const auto name = text->value.substr(0, equals);
    report(text->location, check_environment_name(name));
    if (!variables.emplace(name, text->value.substr(equals + 1)).second)
      reader_.findings().error(
          text->location, fmt::format("the environment variable {} is given twice", literal(name)),
          "remove one of the two");
  });
  config.environment.assign(variables.begin(), variables.end());
}

Result<std::string> read_text(const io::Tree& project, const std::string& file) {
  constexpr std::uint64_t kLargestFile = std::uint64_t{1} << 20;
  auto text = project.read(file, kLargestFile);
  if (text) return text;
  if (text.error().kind() == ErrorKind::not_found)
    return fail(Error(ErrorKind::config, fmt::format("there is no {}", literal(file)))
                    .hint("name the file with -f"));
  if (text.error().kind() == ErrorKind::integrity)
    return fail(Error(ErrorKind::config, fmt::format("{} is larger than 1 MiB", literal(file)))
                    .hint("this is hardly the file you meant: name the right one with -f"));
  return text;
}

}  // namespace

Result<ReadResult> read(const io::Tree& project, const std::string& file) {
  TRY_ASSIGN(std::string text, read_text(project, file));
  TRY_ASSIGN(const SourceText source, SourceText::create(file, std::move(text)));
  Findings findings;
  TRY_ASSIGN(const NodePointer root, parse_yaml(source, findings));
  NodeReader reader(source, findings);
  ConfigReader config_reader(reader);
  config_reader.read(*root);
  validate(config_reader.config, config_reader.places, project, findings);
  TRY_ASSIGN(auto warnings, std::move(findings).finish());
  return ReadResult{.config = std::move(config_reader.config), .warnings = std::move(warnings)};
}

}  // namespace cogbuild::config
