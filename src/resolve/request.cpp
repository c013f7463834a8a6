#include "request.hpp"

#include "direct_root.hpp"

#include <cogbuild/python/marker.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::resolve {
namespace {

using python::RequirementLine;

// What one file more says, after what others say.
void append(python::RequirementsFile& file, python::RequirementsFile more) {
  const auto move_all = [](auto& into, auto& from) {
    std::move(from.begin(), from.end(), std::back_inserter(into));
  };
  move_all(file.requirements, more.requirements);
  move_all(file.constraints, more.constraints);
  move_all(file.warnings, more.warnings);
  move_all(file.files, more.files);
  file.hash_mode = file.hash_mode || more.hash_mode;
}

Result<python::RequirementsFile> read_lines(const Inputs& inputs) {
  const auto& config = inputs.config;
  const auto& variables = inputs.index_sources.variables;
  const auto& files = inputs.options.requirement_files;
  const auto& constraints = inputs.options.constraint_files;
  if (!files.empty())
    return python::read_requirements_files(inputs.project, files, constraints, variables);
  if (!config.python_requirements->empty()) {
    auto file = python::read_requirements_files(inputs.project, {*config.python_requirements},
                                                constraints, variables);
    if (!file && !file.error().location() && file.error().kind() == ErrorKind::not_found) {
      return fail(std::move(file).error().at(config.python_requirements.location));
    }
    return file;
  }
  std::vector<python::OptionValue> lines;
  for (const auto& package : config.python_packages) {
    lines.push_back({.value = package.value, .location = package.location});
  }
  TRY_ASSIGN(auto file, python::read_requirement_lines(inputs.project, lines, variables));
  TRY_ASSIGN(auto more,
             python::read_requirements_files(inputs.project, {}, constraints, variables));
  append(file, std::move(more));
  return file;
}

Result<Root> to_root(const RequirementLine& line) {
  Root root{.name = line.requirement.name,
            .extras = line.requirement.extras,
            .specifiers = line.requirement.specifiers,
            .hashes = line.hashes,
            .location = line.location};
  if (line.kind == RequirementLine::Kind::named) {
    if (!line.requirement.url.empty()) TRY(set_direct(root, line.requirement.url));
    return root;
  }
  TRY(set_direct(root, line.location_text));
  return root;
}

// As with pip, a URL without a login takes that of its host from netrc; never over a way that
// others can listen to.
void lend_login(Root& root, const std::string& netrc) {
  const auto at = root.direct.find("://");
  if (at == std::string::npos || netrc.empty()) return;
  const auto scheme = root.direct.rfind('+', at);
  const auto parsed = url::parse(root.direct.substr(scheme == std::string::npos ? 0 : scheme + 1));
  if (!parsed || parsed->has_credentials()) return;
  if (parsed->scheme != "https" && !(parsed->scheme == "http" && parsed->is_loopback())) return;
  const auto entry = pypi::find_netrc_entry(netrc, parsed->host);
  if (entry.login.empty()) return;
  root.direct.insert(at + 3, fmt::format("{}:{}@", url::percent_encode(entry.login),
                                         url::percent_encode(entry.password)));
}

Error combine(std::vector<Error> findings) {
  Error first = std::move(findings.front());
  for (std::size_t i = 1; i < findings.size(); ++i)
    first = std::move(first).also(std::move(findings[i]));
  return first;
}

bool is_runtime(const python::PackageName& name) {
  return to_string(name) == "cog" || to_string(name) == "coglet";
}

}  // namespace

std::string place(const Root& root) {
  return root.location.line > 0 ? fmt::format("{}:{}", root.location.file, root.location.line)
                                : root.location.file;
}

std::string describe(const Root& root) {
  const std::string& name = root.asked_as.empty() ? to_string(root.name) : root.asked_as;
  if (!root.direct.empty()) return fmt::format("{} @ {}", name, describe_direct(root.direct));
  return name + to_string(root.specifiers);
}

namespace {

// Every line of the override files: one whose marker is false takes its name's requirements away,
// unless another line of it holds.
Result<void> add_overrides(const Inputs& inputs, const python::MarkerEnvironment& environment,
                           Request& request) {
  if (inputs.options.override_files.empty()) return {};
  TRY_ASSIGN(const auto file,
             python::read_requirements_files(inputs.project, inputs.options.override_files, {},
                                             inputs.index_sources.variables));
  for (const RequirementLine& line : file.requirements) {
    if (!line.requirement.applies(environment)) {
      request.dropped.push_back(line.requirement.name);
      continue;
    }
    TRY_ASSIGN(auto root, to_root(line));
    lend_login(root, inputs.index_sources.netrc);
    const auto earlier = std::find_if(request.overrides.begin(), request.overrides.end(),
                                      [&](const Root& other) { return other.name == root.name; });
    if (earlier != request.overrides.end())
      return fail(Error(ErrorKind::config, fmt::format("`{}` is overridden twice, first at {}",
                                                       to_string(root.name), place(*earlier)))
                      .at(root.location)
                      .hint("give the lines markers of which one holds"));
    request.overrides.push_back(std::move(root));
  }
  std::erase_if(request.dropped, [&](const python::PackageName& name) {
    return std::any_of(request.overrides.begin(), request.overrides.end(),
                       [&](const Root& root) { return root.name == name; });
  });
  return {};
}

void apply_options(const Options& given, python::IndexOptions& options) {
  for (const auto& value : given.extra_index_urls)
    options.extra_index_urls.push_back({.value = value});
  for (const auto& value : given.find_links) options.find_links.push_back({.value = value});
  options.prereleases = options.prereleases || given.prereleases;
  options.prefer_binary = options.prefer_binary || given.prefer_binary;
  const auto unite = [](python::NameSelection& into, const python::NameSelection& other) {
    into.all = into.all || other.all;
    into.names.insert(into.names.end(), other.names.begin(), other.names.end());
    std::sort(into.names.begin(), into.names.end());
    into.names.erase(std::unique(into.names.begin(), into.names.end()), into.names.end());
  };
  unite(options.no_binary, given.no_binary);
  unite(options.only_binary, given.only_binary);
}

}  // namespace

Result<Request> read_request(const Inputs& inputs) {
  TRY_ASSIGN(auto file, read_lines(inputs));
  Request request{.options = std::move(file.options),
                  .hash_mode = file.hash_mode,
                  .warnings = std::move(file.warnings)};
  apply_options(inputs.options, request.options);

  const auto environment = python::MarkerEnvironment::of(inputs.target);
  std::vector<Error> findings;
  const auto add = [&](const std::vector<RequirementLine>& lines, std::vector<Root>& roots) {
    for (const RequirementLine& line : lines) {
      if (!line.requirement.applies(environment)) continue;
      auto root = to_root(line);
      if (!root) {
        findings.push_back(std::move(root).error());
        continue;
      }
      if (line.editable) {
        request.warnings.push_back(
            Error(ErrorKind::config,
                  fmt::format("`-e {}` is taken as it is now: an image has no editable installs",
                              describe_direct(root->direct)))
                .at(line.location));
      }
      if (const auto why = why_unhashable(*root); request.hash_mode && !why.empty()) {
        findings.push_back(Error(ErrorKind::config, fmt::format("hashes are required, and {}", why))
                               .at(line.location)
                               .hint("name a wheel or a source archive by its URL, with its hash"));
        continue;
      }
      lend_login(*root, inputs.index_sources.netrc);
      root->prereleases =
          request.options.prereleases || request.options.all_releases.contains(root->name);
      const bool counts = !inputs.options.install_runtime || !is_runtime(root->name);
      (counts ? roots : request.own_runtime).push_back(*std::move(root));
    }
  };
  add(file.requirements, request.roots);
  add(file.constraints, request.constraints);
  TRY(add_overrides(inputs, environment, request));
  if (inputs.options.install_runtime) {
    auto runtime = runtime_roots(inputs.options, inputs.config);
    if (!runtime) {
      findings.push_back(std::move(runtime).error());
    } else {
      std::move(runtime->begin(), runtime->end(), std::back_inserter(request.roots));
    }
  }
  if (!findings.empty()) return fail(combine(std::move(findings)));
  return request;
}

}  // namespace cogbuild::resolve
