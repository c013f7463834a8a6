#include "check_closure.hpp"
#include "closure.hpp"
#include "indexes.hpp"
#include "opencv_choice.hpp"
#include "request.hpp"
#include "solver.hpp"

#include <cogbuild/resolve/resolve.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::resolve {
namespace {

// A warning as one line: where, then what.
std::string one_line(const Error& warning) {
  if (!warning.location() || warning.location()->file.empty()) return warning.message();
  const auto& location = *warning.location();
  const auto line = location.line > 0 ? fmt::format(":{}", location.line) : std::string();
  return fmt::format("{}{}: {}", location.file, line, warning.message());
}

void tell_framework(const FrameworkChoice& choice, progress::Reporter& reporter) {
  for (const Error& warning : choice.warnings) reporter.warn(one_line(warning));
  if (choice.notable) {
    reporter.note(choice.reason);
  } else {
    reporter.explain(choice.reason);
  }
}

Error combine(std::vector<Error> problems, const python::Target& target) {
  const auto step = fmt::format("resolving Python requirements for {}", describe(target));
  if (problems.size() == 1) return std::move(problems.front()).during(step);
  const bool only_input = std::all_of(problems.begin(), problems.end(), [](const Error& problem) {
    return problem.kind() == ErrorKind::config;
  });
  Error all(only_input ? ErrorKind::config : ErrorKind::unsatisfiable,
            fmt::format("the Python requirements cannot be locked for {}: {} problems",
                        describe(target), problems.size()));
  for (Error& problem : problems) all = std::move(all).also(std::move(problem));
  return all;
}

// The user's own lines for cog and coglet: what is installed instead.
void warn_of_own_runtime(const Request& request, const Decisions& decisions,
                         progress::Reporter& reporter) {
  for (const Root& own : request.own_runtime) {
    const auto found = decisions.find(own.name);
    const bool installed = found != decisions.end() && found->second.selected;
    reporter.warn(fmt::format("{}: `{}` is not installed as written: {}", place(own), describe(own),
                              installed ? fmt::format("{} {} is", to_string(own.name),
                                                      to_string(found->second.selected->version))
                                        : "the runtime needs none"));
  }
}

// The first name that a replaced distribution was asked for as: the user's own, else the least.
std::string replaced_name(const Node& node) {
  std::string least;
  for (const Want& want : node.wants) {
    if (want.asked_as.empty()) continue;
    if (want.requirer.empty()) return want.asked_as;
    if (least.empty() || want.asked_as < least) least = want.asked_as;
  }
  return least;
}

Result<lock::Lock> to_lock(const Checked& checked, DistributionSource& source) {
  lock::Lock lock{.python_version = to_string(checked.target.python)};
  for (const auto& [name, node] : checked.closure) {
    const Decision& decision = checked.decisions.at(name);
    const Selected& selected = *decision.selected;
    auto identity = source.identify(selected.file);
    if (!identity) {
      return fail(
          std::move(identity).error().during(fmt::format("reading `{}`", selected.file.file_name)));
    }
    const auto user = checked.users.find(name);
    const bool listed =
        user == checked.users.end() || user->second.hashes.empty() ||
        std::any_of(user->second.hashes.begin(), user->second.hashes.end(), [&](const auto& hash) {
          return hash.algorithm != "sha256" || hash.sha256() == identity->digest;
        });
    if (!listed) {
      return fail(Error(ErrorKind::integrity,
                        fmt::format("`{}` has digest {}, which no listed hash allows",
                                    selected.file.file_name, to_string(identity->digest)))
                      .at(user->second.root->location));
    }
    lock::LockedDistribution locked{
        .name = to_string(name),
        .metadata_name = decision.metadata->name_text,
        .version = to_string(selected.version),
        .file_name = selected.file.file_name,
        .location = selected.file.location,
        .digest = identity->digest,
        .size_bytes = identity->size_bytes,
        .group = node.project ? lock::Group::project : lock::Group::runtime,
        .requested = user != checked.users.end() && user->second.requested,
        .direct_url = decision.direct,
        .replaces = replaced_name(node),
    };
    for (const auto& requirement : node.requirements)
      locked.requires_names.push_back(to_string(requirement));
    lock.distributions.push_back(std::move(locked));
  }
  return lock;
}

}  // namespace

Result<lock::Lock> resolve(const Inputs& inputs, Sources& sources) {
  TRY_ASSIGN(auto request, read_request(inputs));
  for (const Error& warning : request.warnings) sources.reporter.warn(one_line(warning));
  if (request.roots.empty()) return lock::Lock{.python_version = to_string(inputs.target.python)};

  TRY_ASSIGN(const auto indexes, choose_indexes(inputs, request));
  tell_framework(indexes.framework, sources.reporter);
  TRY_ASSIGN(const auto source, sources.open(indexes.config));
  Solver solver(*source, inputs.target);

  std::vector<Root> roots = request.roots;
  std::vector<Root> constraints = request.constraints;
  Replacements replacements;
  if (inputs.options.opencv_headless) {
    TRY_ASSIGN(replacements, prefer_headless(roots, solver, sources.reporter));
    TRY(replace_names(roots, replacements, *source, sources.reporter));
    TRY(replace_names(constraints, replacements, *source, sources.reporter));
  }
  TRY_ASSIGN(auto decisions, solver.settle(roots, constraints, replacements));
  if (inputs.options.opencv_headless && needs_contrib_alone(decisions)) {
    replacements = contrib_alone(replacements);
    TRY(replace_names(roots, replacements, *source, sources.reporter));
    TRY(replace_names(constraints, replacements, *source, sources.reporter));
    TRY_ASSIGN(decisions, solver.settle(roots, constraints, replacements));
  }

  const Closure closure = close(roots, decisions, replacements, solver.environment());
  const auto users = user_sides(roots, constraints);
  const Checked checked{.closure = closure,
                        .decisions = decisions,
                        .users = users,
                        .roots = roots,
                        .target = inputs.target,
                        .hash_mode = request.hash_mode};
  if (auto problems = find_problems(checked); !problems.empty()) {
    return fail(combine(std::move(problems), inputs.target));
  }
  warn_of_oddities(checked, sources.reporter);
  warn_of_own_runtime(request, decisions, sources.reporter);
  note_replacements(closure, decisions, sources.reporter);
  return to_lock(checked, *source);
}

}  // namespace cogbuild::resolve
