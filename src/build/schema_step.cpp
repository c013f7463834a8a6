#include "schema_step.hpp"

#include <cogbuild/build/describe.hpp>
#include <cogbuild/io/file.hpp>
#include <cogbuild/io/tree.hpp>
#include <cogbuild/plan/cog_version.hpp>
#include <cogbuild/python/version.hpp>

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace cogbuild::build {

namespace {

// A fault of a file as a whole, such as a class that it lacks, is one of the line of cog.yaml that
// names the file.
Error at_reference(Error error, const config::Config& config) {
  const auto& location = error.location();
  if (!location || location->line != 0) return error;
  for (const auto* reference : {&config.predict, &config.train})
    if (reference->value.starts_with(location->file + ":"))
      return std::move(error).at(reference->location);
  return error;
}

Result<schema::Described> describe_config(const Project& project, progress::Reporter& reporter) {
  const io::DiskTree tree(project.root);
  const auto& config = project.config;
  auto described =
      schema::describe_project(tree, config.predict.value, config.train.value, plan::kCogVersion);
  if (!described) return fail(at_reference(std::move(described).error(), config));
  for (const auto* signature : {&described->predict, &described->train})
    if (*signature)
      for (const auto& warning : (*signature)->warnings) tell_warning(warning, reporter);
  return described;
}

// Errors: usage, where the user named a file that is not there; config; io.
Result<std::string> read_schema(const std::filesystem::path& file, const char* named_by) {
  auto text = io::read_file(file);
  if (!text && text.error().kind() == ErrorKind::not_found)
    return fail(Error(ErrorKind::usage, fmt::format("there is no file `{}`", file.string()))
                    .hint(fmt::format("{} takes the path of a file", named_by)));
  if (!text) return text;
  if (auto valid = schema::validate_openapi(*text, file.string()); !valid)
    return fail(std::move(valid).error().hint(
        fmt::format("{} takes the OpenAPI schema of the model as JSON", named_by)));
  return text;
}

std::string variable(const std::map<std::string, std::string>& environment, const char* name) {
  const auto found = environment.find(name);
  return found == environment.end() ? "" : found->second;
}

// The schema that the user names instead of the one of the code.
Result<std::optional<std::string>> own_schema(
    const Options& options, const std::map<std::string, std::string>& environment) {
  if (!options.openapi_schema.empty())
    return read_schema(options.openapi_schema, "--openapi-schema");
  const std::string named = variable(environment, "COG_OPENAPI_SCHEMA");
  if (named.empty()) return std::nullopt;
  return read_schema(named, "COG_OPENAPI_SCHEMA");
}

bool is_below(const std::string& version, const char* least) {
  const auto given = python::Version::parse(version);
  const auto wanted = python::Version::parse(least);
  return given && wanted && given->base() < *wanted;
}

// Several runs at once need an async method and Python 3.11.
Result<void> settle_concurrency(const schema::Signature& code, config::Config& config) {
  const bool decorated = !config.concurrency_max && code.concurrency_max;
  if (decorated) config.concurrency_max = code.concurrency_max;
  if (config.concurrency_max.value_or(1) <= 1) return {};
  if (!code.asynchronous)
    return fail(
        Error(ErrorKind::config, fmt::format("`concurrency.max` is {}, but `{}` is not async",
                                             *config.concurrency_max, code.function))
            .at(code.location)
            .hint(fmt::format("write `async def {}`, or take `concurrency` out of cog.yaml",
                              code.function)));
  if (decorated && is_below(config.python_version.value, "3.11"))
    return fail(
        Error(ErrorKind::config, fmt::format("`@cog.concurrent(max={})` needs Python 3.11, but "
                                             "`python_version` is {}",
                                             *config.concurrency_max, config.python_version.value))
            .at(config.python_version.location)
            .hint("set `python_version: \"3.11\"`"));
  return {};
}

// Cog's SDK before 0.17 asks the code for its schema when the container starts.
void warn_of_old_sdk(const config::Config& config, progress::Reporter& reporter) {
  if (is_below(config.sdk_version.value, "0.17"))
    reporter.warn(
        fmt::format("`sdk_version` {} makes its own schema when it starts: the one of the image, "
                    "of Cog {}, may "
                    "differ",
                    config.sdk_version.value, plan::kCogVersion));
}

}  // namespace

Result<schema::Described> describe(const Options& options, progress::Reporter& reporter) {
  TRY_ASSIGN(const Project project, read_config(options, reporter));
  return describe_config(project, reporter);
}

Result<void> describe_code(const Options& options,
                           const std::map<std::string, std::string>& environment,
                           progress::Reporter& reporter, Project& project) {
  if (!options.skip_schema) {
    TRY_ASSIGN(project.schema, own_schema(options, environment));
  }
  const bool from_code = !options.skip_schema && !project.schema;
  if (!from_code && project.config.predict.value.empty() && project.config.train.value.empty())
    return {};
  progress::Silent silent;
  auto described = describe_config(project, from_code ? reporter : silent);
  if (!described)
    return from_code ? Result<void>(fail(std::move(described).error())) : Result<void>();
  if (from_code) {
    project.schema = std::move(described->document);
    warn_of_old_sdk(project.config, reporter);
  }
  return settle_concurrency(described->predict ? *described->predict : *described->train,
                            project.config);
}

}  // namespace cogbuild::build
