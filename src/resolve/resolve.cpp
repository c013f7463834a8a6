#include "check_closure.hpp"
#include "closure.hpp"
#include "indexes.hpp"
#include "opencv_choice.hpp"
#include "request.hpp"
#include "settle.hpp"

#include <cogbuild/resolve/resolve.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

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
  if (problems.size() == 1) return std::move(problems.front());
  Error all(ErrorKind::config,
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

lock::Lock empty_lock(const Inputs& inputs) {
  return {.python_version = to_string(inputs.target.python),
          .architecture = inputs.target.architecture,
          .libc = to_string(inputs.target.libc),
          .exclude_newer = inputs.options.exclude_newer};
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

// Names that metadata in the lock asks for and a distribution of another name answers.
std::vector<std::string> stands_for(const Node& node) {
  std::set<std::string> names;
  for (const Want& want : node.wants)
    if (!want.requirer.empty() && !want.asked_as.empty()) names.insert(want.asked_as);
  return {names.begin(), names.end()};
}

// Digest and size of what was chosen. Errors: integrity, when the user lists hashes and none is
// its; unsupported, when he lists none that can be verified; as DistributionSource::identify.
Result<FileIdentity> identify(const DistributionFile& file, const UserSide* side,
                              DistributionSource& source) {
  if (file.form == lock::Form::version_control || file.form == lock::Form::directory)
    return FileIdentity{};
  auto identity = source.identify(file);
  if (!identity)
    return fail(std::move(identity).error().during(fmt::format("reading `{}`", file.file_name)));
  if (side == nullptr || side->hashes.empty()) return identity;
  bool is_provable = false;
  for (const auto& hash : side->hashes) {
    const auto digest = hash.sha256();
    if (digest == identity->digest) return identity;
    is_provable = is_provable || digest.has_value();
  }
  // Of another algorithm there is only the index's word, against which the hash was to help.
  if (!is_provable)
    return fail(Error(ErrorKind::unsupported,
                      fmt::format("the listed hashes of `{}` cannot be verified", file.file_name))
                    .at(side->root->location)
                    .hint("give its sha256"));
  return fail(
      Error(ErrorKind::integrity, fmt::format("`{}` has digest {}, which no listed hash allows",
                                              file.file_name, to_string(identity->digest)))
          .at(side->root->location));
}

Result<lock::Lock> to_lock(const Checked& checked, const Inputs& inputs,
                           DistributionSource& source) {
  lock::Lock lock = empty_lock(inputs);
  for (const auto& [name, node] : checked.closure) {
    const Decision& decision = checked.decisions.at(name);
    const Selected& selected = *decision.selected;
    const auto user = checked.users.find(name);
    const UserSide* side = user == checked.users.end() ? nullptr : &user->second;
    TRY_ASSIGN(const auto identity, identify(selected.file, side, source));
    lock::LockedDistribution locked{
        .name = to_string(name),
        .metadata_name = decision.metadata->name_text,
        .version = to_string(selected.version),
        .form = selected.file.form,
        .file_name = selected.file.file_name,
        .location = selected.file.location,
        .digest = identity.digest,
        .size_bytes = identity.size_bytes,
        .group = node.project ? lock::Group::project : lock::Group::runtime,
        .requested = side != nullptr && side->requested,
        .direct_url = decision.direct,
        .replaces = replaced_name(node),
        .stands_for = stands_for(node),
        .index = selected.file.index,
        .upload_time = selected.file.upload_time,
        .requires_python = decision.metadata->requires_python
                               ? to_string(*decision.metadata->requires_python)
                               : std::string(),
        .metadata_digest =
            selected.file.form == lock::Form::wheel ? decision.metadata_digest : std::string(),
        .commit = selected.file.commit,
        .requested_revision = selected.file.requested_revision,
        .subdirectory = selected.file.subdirectory,
    };
    for (const auto& requirement : node.requirements)
      locked.requires_names.push_back(to_string(requirement));
    lock.distributions.push_back(std::move(locked));
  }
  return lock;
}

// A pin without a local label that a labelled version answered.
void note_labels(const std::vector<Root>& roots, const Decisions& decisions,
                 progress::Reporter& reporter) {
  for (const Root& root : roots) {
    const auto* const pin = root.specifiers.pin();
    const auto found = decisions.find(root.name);
    if (pin == nullptr || found == decisions.end() || !pin->version.local().empty()) continue;
    const auto& selected = *found->second.selected;
    if (pin->op == python::Operator::equal && !selected.version.local().empty())
      reporter.note(
          fmt::format("{}: `{}` is answered by {}, as a local label sorts above its "
                      "public version",
                      place(root), describe(root), to_string(selected.version)));
  }
}

// torch that only a dependency asks for comes from the default index, and brings CUDA along.
void warn_of_cuda(const Inputs& inputs, const lock::Lock& lock, progress::Reporter& reporter) {
  if (inputs.config.gpu || inputs.options.torch_backend != "auto") return;
  std::uint64_t bytes = 0;
  std::size_t count = 0;
  for (const auto& distribution : lock.distributions) {
    if (!distribution.name.starts_with("nvidia-")) continue;
    ++count;
    bytes += distribution.size_bytes;
  }
  constexpr std::uint64_t kMegabyte = 1000 * 1000;
  if (count > 0)
    reporter.warn(
        fmt::format("{} distributions of CUDA, {} MB, go into an image without `gpu: "
                    "true`: name torch in the requirements, or say --torch-backend cpu, "
                    "for builds without",
                    count, bytes / kMegabyte));
}

// What an earlier lock chose, under the names of today.
std::map<python::PackageName, python::Version> kept_versions(const Preferences& preferences,
                                                             const Replacements& replacements) {
  std::map<python::PackageName, python::Version> kept;
  if (!preferences.previous) return kept;
  for (const auto& distribution : preferences.previous->distributions) {
    const auto name = python::PackageName::parse(distribution.name);
    const auto version = python::Version::parse(distribution.version);
    if (!name || !version || distribution.direct_url || preferences.upgrade.contains(*name))
      continue;
    kept.emplace(replacements(*name), *version);
  }
  return kept;
}

// One resolution: all that stays the same while names are replaced.
class Resolver {
 public:
  Resolver(const Inputs& inputs, const Request& request, DistributionSource& source,
           progress::Reporter& reporter)
      : inputs_(inputs),
        request_(request),
        source_(source),
        reporter_(reporter),
        rules_{.target = inputs.target,
               .tags = python::TagList::of(inputs.target),
               .exclude_newer = inputs.options.exclude_newer,
               .no_binary = request.options.no_binary,
               .only_binary = request.options.only_binary} {}

  Result<lock::Lock> run() {
    roots_ = request_.roots;
    for (Root& root : roots_)
      if (root.name.empty()) {
        TRY_ASSIGN(root.name, name_of_direct(source_, root));
      }
    Replacements replacements;
    if (inputs_.options.opencv_headless) {
      TRY_ASSIGN(replacements, prefer_headless(roots_, source_, rules_, reporter_));
    }
    TRY_ASSIGN(auto lock, attempt(replacements));
    if (!lock) {
      TRY_ASSIGN(lock, attempt(contrib_alone(replacements)));
    }
    return *std::move(lock);
  }

 private:
  // Nothing: both flavours of headless OpenCV would be installed, each over the other's files.
  Result<std::optional<lock::Lock>> attempt(const Replacements& replacements) {
    std::vector<Root> roots = roots_;
    std::vector<Root> constraints = request_.constraints;
    std::vector<Root> overrides = request_.overrides;
    for (auto* list : {&roots, &constraints, &overrides})
      TRY(replace_names(*list, replacements, source_, reporter_));
    ReadingRules reading{.environment = python::MarkerEnvironment::of(inputs_.target),
                         .replacements = replacements};
    for (const auto& name : request_.dropped) reading.overrides[replacements(name)] = nullptr;
    for (const Root& root : overrides) reading.overrides[root.name] = &root;
    const auto kept = kept_versions(inputs_.preferences, replacements);
    const auto sides = user_sides(roots, constraints, overrides);
    const Demands demands{.roots = roots,
                          .constraints = constraints,
                          .sides = sides,
                          .reading = reading,
                          .kept = kept,
                          .resolution = inputs_.options.resolution,
                          .prefer_binary = request_.options.prefer_binary,
                          .all_releases = all_releases(),
                          .only_final = request_.options.only_final};
    auto decisions = settle(source_, rules_, demands, reporter_);
    if (!decisions)
      return fail(std::move(decisions).error().during(
          fmt::format("resolving Python requirements for {}", describe(inputs_.target))));
    if (inputs_.options.opencv_headless &&
        replacements(opencv::name(opencv::kPlainHeadless)) ==
            opencv::name(opencv::kPlainHeadless) &&
        needs_contrib_alone(*decisions))
      return std::nullopt;
    TRY_ASSIGN(auto lock, finish(roots, *decisions, reading, sides));
    return lock;
  }

  Result<lock::Lock> finish(const std::vector<Root>& roots, const Decisions& decisions,
                            const ReadingRules& reading,
                            const std::map<python::PackageName, UserSide>& sides) {
    const Closure closure = close(roots, decisions, reading);
    const Checked checked{
        .closure = closure, .decisions = decisions, .users = sides, .target = inputs_.target};
    if (request_.hash_mode)
      if (auto problems = find_missing_hashes(checked); !problems.empty())
        return fail(combine(std::move(problems), inputs_.target));
    warn_of_oddities(checked, reporter_);
    warn_of_own_runtime(request_, decisions, reporter_);
    note_replacements(closure, decisions, reporter_);
    note_labels(roots, decisions, reporter_);
    return to_lock(checked, inputs_, source_);
  }

  [[nodiscard]] python::NameSelection all_releases() const {
    python::NameSelection selection = request_.options.all_releases;
    selection.all = selection.all || request_.options.prereleases;
    return selection;
  }

  const Inputs& inputs_;
  const Request& request_;
  DistributionSource& source_;
  progress::Reporter& reporter_;
  FileRules rules_;
  std::vector<Root> roots_{};
};

}  // namespace

Result<lock::Lock> resolve(const Inputs& inputs, Sources& sources) {
  TRY_ASSIGN(const auto request, read_request(inputs));
  for (const Error& warning : request.warnings) sources.reporter.warn(one_line(warning));
  if (request.roots.empty()) return empty_lock(inputs);

  TRY_ASSIGN(const auto indexes, choose_indexes(inputs, request));
  tell_framework(indexes.framework, sources.reporter);
  TRY_ASSIGN(const auto source, sources.open(indexes.config));
  auto lock = Resolver(inputs, request, *source, sources.reporter).run();
  if (!lock && lock.error().kind() == ErrorKind::unsatisfiable && indexes.config.framework_index)
    return fail(std::move(lock).error().hint(
        fmt::format("{}; --torch-backend chooses other builds", indexes.framework.reason)));
  if (lock && !indexes.config.framework_index) warn_of_cuda(inputs, *lock, sources.reporter);
  return lock;
}

}  // namespace cogbuild::resolve
