#include "base_choice.hpp"

#include <cogbuild/pull/open_image.hpp>
#include <cogbuild/python/requirement.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace cogbuild::build {

namespace {

std::vector<base::DistributionFacts> facts_of(const lock::Lock& lock) {
  std::vector<base::DistributionFacts> facts;
  for (const auto& distribution : lock.distributions)
    facts.push_back({.name = distribution.name,
                     .version = distribution.version,
                     .is_wheel = distribution.form == lock::Form::wheel,
                     .requires_names = distribution.requires_names});
  return facts;
}

// What is known of the distributions; nothing, when neither a lock nor this run has resolved them.
std::optional<std::vector<base::DistributionFacts>> known_facts(const BaseQuestion& asked) {
  if (asked.resolved != nullptr) return facts_of(*asked.resolved);
  if (!asked.files.ours() || !asked.files.pylock_text) return std::nullopt;
  // One that cannot be read is reported by whoever needs it.
  const auto lock = lock::parse_pylock(*asked.files.pylock_text, {});
  if (!lock) return std::nullopt;
  return facts_of(*lock);
}

// Whether the choice is made by what the distributions bring.
bool is_by_distributions(const base::SelectionRequest& request) {
  return request.gpu && request.base.empty() && !request.use_cog_base_image.value_or(false) &&
         request.use_cuda_base_image == base::CudaBase::automatic;
}

// The requirements as Cog looks at them: a name and the version of the first specifier.
Result<std::vector<base::FrameworkRequirement>> framework_requirements(const LockQuestion& question,
                                                                       const Services& services) {
  std::vector<base::FrameworkRequirement> requirements;
  TRY_ASSIGN(const auto lines, requirement_lines(question, services));
  for (const auto& line : lines) {
    const auto requirement = python::Requirement::parse(line);
    if (!requirement) continue;  // a constraint, a path or a URL names no framework
    base::FrameworkRequirement framework{.name = to_string(requirement->name)};
    if (const auto& clauses = requirement->specifiers.clauses(); !clauses.empty()) {
      const auto clause = to_string(clauses.front());
      framework.version = clause.substr(std::min(clause.find_first_not_of("=<>~!"), clause.size()));
    }
    requirements.push_back(std::move(framework));
  }
  return requirements;
}

Result<base::CudaBase> to_cuda_base(const std::string& text) {
  if (text == "true") return base::CudaBase::always;
  if (text == "false") return base::CudaBase::never;
  return base::CudaBase::automatic;
}

Result<bool> registry_has(const std::string& reference, const BaseQuestion& asked,
                          Services& services) {
  if (asked.files.project && asked.files.project->base.reference == reference) return true;
  TRY_ASSIGN(const auto source, pull::parse_source(reference));
  Registries registries(services);
  const auto image = pull::open_image(source, asked.options.platform,
                                      {.blobs = services.blobs,
                                       .keys = services.keys,
                                       .client_for = registries.as_function(),
                                       .reporter = services.reporter,
                                       .offline = asked.options.offline});
  if (image) return true;
  if (image.error().kind() == ErrorKind::not_found) return false;
  return fail(image.error());
}

}  // namespace

Result<BaseChoice> choose_base(const BaseQuestion& asked, Services& services) {
  const auto& config = asked.project.config;
  const auto& choices = asked.question.choices;
  const auto facts = known_facts(asked);
  base::SelectionRequest request{
      .gpu = config.gpu,
      .cuda = config.cuda.value,
      .cudnn = config.cudnn.value,
      .python_version = config.python_version.value,
      .distributions = facts.value_or(std::vector<base::DistributionFacts>{}),
      .base = asked.named,
      .use_cog_base_image = choices.use_cog_base_image};
  TRY_ASSIGN(request.requirements, framework_requirements(asked.question, services));
  TRY_ASSIGN(request.use_cuda_base_image,
             to_cuda_base(choices.use_cuda_base_image.value_or("auto")));
  for (const auto& step : config.run_steps) request.run_commands.push_back(step->command);
  if (const auto host = services.environment.find("COG_REGISTRY_HOST");
      host != services.environment.end() && !host->second.empty())
    request.cog_registry = host->second;
  if (!facts && is_by_distributions(request))
    return BaseChoice{.selection = {.reasons = {"what GPU frameworks bring is not resolved yet"}},
                      .is_provisional = true};
  TRY_ASSIGN(auto selection, base::select_base(request, [&](const std::string& image) {
               return registry_has(image, asked, services);
             }));
  return BaseChoice{.selection = std::move(selection)};
}

}  // namespace cogbuild::build
