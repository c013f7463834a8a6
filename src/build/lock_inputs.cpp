#include "lock_inputs.hpp"

#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/lock/project_lock.hpp>
#include <cogbuild/python/package_name.hpp>
#include <cogbuild/resolve/index_source.hpp>
#include <cogbuild/store/file_digests.hpp>
#include <cogbuild/url/url.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cogbuild::build {

namespace {

// What pip and uv read to find indexes.
constexpr std::array kIndexVariables = {"PIP_INDEX_URL",      "PIP_EXTRA_INDEX_URL", "PIP_NO_INDEX",
                                        "PIP_FIND_LINKS",     "PIP_TRUSTED_HOST",    "UV_INDEX_URL",
                                        "UV_EXTRA_INDEX_URL", "UV_DEFAULT_INDEX",    "UV_INDEX",
                                        "UV_FIND_LINKS"};
// Stands for whatever index there is; RFC 6761 keeps the name from meaning anything.
constexpr const char* kAnyIndex = "https://index.invalid/simple/";

// Times are those of a checkout: they say nothing of the content.
class TimelessTree final : public io::Tree {
 public:
  explicit TimelessTree(const io::Tree& tree) : tree_(tree) {}
  Result<std::vector<io::TreeEntry>> list(const std::string& directory) const override {
    auto entries = tree_.list(directory);
    if (entries)
      for (auto& entry : *entries) entry.stamp = {.size_bytes = entry.stamp.size_bytes};
    return entries;
  }
  Result<io::TreeEntry> stat(const std::string& path) const override {
    auto entry = tree_.stat(path);
    if (entry) entry->stamp = {.size_bytes = entry->stamp.size_bytes};
    return entry;
  }
  Result<std::string> read(const std::string& path, std::uint64_t limit_bytes) const override {
    return tree_.read(path, limit_bytes);
  }
  Result<std::unique_ptr<io::ByteSource>> open(const std::string& path) const override {
    return tree_.open(path);
  }
  [[nodiscard]] std::filesystem::path disk_path(const std::string& path) const override {
    return tree_.disk_path(path);
  }

 private:
  const io::Tree& tree_;
};

std::string variable(const Services& services, const std::string& name) {
  const auto found = services.environment.find(name);
  return found == services.environment.end() ? std::string() : found->second;
}

// As the flags of pip that they come from: `:all:`, `:none:` undoes, names else.
Result<python::NameSelection> to_selection(const std::vector<std::string>& values) {
  python::NameSelection selection;
  for (const auto& value : values) {
    if (value == ":all:") {
      selection.all = true;
    } else if (value == ":none:") {
      selection = {};
    } else {
      TRY_ASSIGN(const auto name, python::PackageName::parse(value));
      selection.names.push_back(to_string(name));
    }
  }
  std::ranges::sort(selection.names);
  const auto repeated = std::ranges::unique(selection.names);
  selection.names.erase(repeated.begin(), repeated.end());
  return selection;
}

Result<resolve::Resolution> to_resolution(const std::string& text) {
  if (text == "highest") return resolve::Resolution::highest;
  if (text == "lowest") return resolve::Resolution::lowest;
  if (text == "lowest-direct") return resolve::Resolution::lowest_direct;
  return fail(Error(ErrorKind::usage, fmt::format("`{}` is no way to resolve", text))
                  .hint("allowed are highest, lowest and lowest-direct"));
}

Result<pypi::IndexStrategy> to_strategy(const std::string& text) {
  if (text == "first-index") return pypi::IndexStrategy::first_index;
  if (text == "unsafe-best-match") return pypi::IndexStrategy::unsafe_best_match;
  return fail(Error(ErrorKind::usage, fmt::format("`{}` is no index strategy", text))
                  .hint("allowed are first-index and unsafe-best-match"));
}

// A lock keeps no credentials: an index that the environment names with some gets them back.
std::string with_credentials(const std::string& index, const Services& services) {
  const auto wanted = url::parse(index);
  if (!wanted || wanted->has_credentials()) return index;
  for (const char* name : kIndexVariables) {
    const std::string value = variable(services, name);
    for (std::size_t start = 0; start < value.size();) {
      const auto end = std::min(value.find_first_of(" \t\n", start), value.size());
      const auto token = value.substr(start, end - start);
      const auto parsed = url::parse(token);
      if (parsed && parsed->has_credentials() && url::to_string(*parsed) == url::to_string(*wanted))
        return token;
      start = end + 1;
    }
  }
  return index;
}

template <class T>
T or_else(const std::optional<T>& value, T otherwise) {
  return value ? *value : std::move(otherwise);
}

Result<resolve::Options> to_options(const LockQuestion& question, const Services& services) {
  const lock::Choices& choices = question.choices;
  resolve::Options options;
  options.opencv_headless = or_else(choices.opencv_headless, question.for_image);
  options.install_runtime = question.for_image;
  if (question.for_image) {
    options.sdk_wheel = variable(services, "COG_SDK_WHEEL");
    options.coglet_wheel = variable(services, "COGLET_WHEEL");
  }
  for (const auto& index : or_else(choices.extra_index_urls, {}))
    options.extra_index_urls.push_back(with_credentials(index, services));
  options.find_links = or_else(choices.find_links, {});
  options.requirement_files = question.requirement_files;
  options.constraint_files = or_else(choices.constraint_files, {});
  options.override_files = or_else(choices.override_files, {});
  if (choices.resolution) {
    TRY_ASSIGN(options.resolution, to_resolution(*choices.resolution));
  }
  options.prereleases = or_else(choices.prereleases, false);
  options.exclude_newer = or_else(choices.exclude_newer, {});
  if (choices.index_strategy) {
    TRY_ASSIGN(options.index_strategy, to_strategy(*choices.index_strategy));
  }
  TRY_ASSIGN(options.no_binary, to_selection(or_else(choices.no_binary, {})));
  TRY_ASSIGN(options.only_binary, to_selection(or_else(choices.only_binary, {})));
  options.prefer_binary = or_else(choices.prefer_binary, question.for_image);
  options.torch_backend =
      or_else(choices.torch_backend, std::string(question.for_image ? "auto" : "none"));
  options.torch_index = or_else(choices.torch_index, {});
  return options;
}

std::string to_line(const python::RequirementLine& line) {
  if (line.kind == python::RequirementLine::Kind::named) return to_string(line.requirement);
  const auto parsed = url::parse(line.location_text);
  if (parsed) return url::to_string(*parsed);
  // `git+ssh://user@host/…`: what stands before the `@` of a host is not shown.
  const auto scheme = line.location_text.find("://");
  if (scheme == std::string::npos) return line.location_text;
  auto end = std::min(line.location_text.find('/', scheme + 3), line.location_text.size());
  // A login with a `/` in it is malformed, and still no text to show.
  const auto colon = line.location_text.find(':', scheme + 3);
  if (colon < end && line.location_text.find('@', scheme) > end &&
      line.location_text.find_first_not_of("0123456789", colon + 1) < end)
    end = std::min(line.location_text.find('@', end), line.location_text.size());
  const auto user = line.location_text.rfind('@', end);
  if (user == std::string::npos || user < scheme) return line.location_text;
  return line.location_text.substr(0, scheme + 3) + line.location_text.substr(user + 1);
}

}  // namespace

std::string path_from(const std::filesystem::path& root, const std::string& path) {
  if (path.find("://") != std::string::npos) return path;
  auto absolute = std::filesystem::absolute(path).lexically_normal();
  if (!absolute.has_filename()) absolute = absolute.parent_path();
  // The root is free of symlinks; so must be what is compared with it.
  std::error_code ignored;
  absolute =
      std::filesystem::weakly_canonical(absolute.parent_path(), ignored) / absolute.filename();
  const auto relative = absolute.lexically_relative(root);
  if (relative.empty() || *relative.begin() == "..") return absolute.string();
  return relative.generic_string();
}

lock::Choices paths_from(const std::filesystem::path& root, lock::Choices choices) {
  for (auto* paths : {&choices.find_links, &choices.constraint_files, &choices.override_files})
    if (*paths)
      for (auto& path : **paths) path = path_from(root, path);
  return choices;
}

Result<resolve::Inputs> to_inputs(const LockQuestion& question, const python::Target& target,
                                  const Services& services) {
  TRY_ASSIGN(auto options, to_options(question, services));
  resolve::Inputs inputs{.config = question.config,
                         .project = question.project,
                         .target = target,
                         .options = std::move(options),
                         .index_sources = index_sources(services, question.root)};
  // Before everything but the requirements file.
  auto& variables = inputs.index_sources.variables;
  if (question.choices.index_url)
    variables["PIP_INDEX_URL"] = with_credentials(*question.choices.index_url, services);
  if (question.choices.no_index.value_or(false)) variables["PIP_NO_INDEX"] = "1";
  return inputs;
}

Result<std::string> lock_inputs(const LockQuestion& question, const python::Target& target,
                                const Services& services) {
  const TimelessTree timeless(question.project);
  TRY_ASSIGN(const resolve::Inputs said, to_inputs(question, target, services));
  resolve::Inputs portable{.config = said.config,
                           .project = timeless,
                           .target = said.target,
                           .options = said.options,
                           .index_sources = said.index_sources};
  // Paths of the project then stay relative to it.
  portable.index_sources.project_root.clear();
  lock::Choices kept = question.choices;
  if (question.for_image) {
    portable.index_sources = {.variables = said.index_sources.variables,
                              .default_index = kAnyIndex};
    for (const char* name : kIndexVariables) portable.index_sources.variables.erase(name);
    kept.index_url.reset();
  }
  kept.base.reset();
  TRY_ASSIGN(const digest::Digest resolution, resolve::inputs_digest(portable));
  return to_string(
      digest::digest_of(to_string(resolution) + "\n" +
                        lock::to_toml({.choices = lock::without_credentials(std::move(kept))})));
}

Result<std::vector<std::string>> requirement_lines(const LockQuestion& question,
                                                   const Services& services) {
  const auto& config = question.config;
  std::vector<std::string> files = question.requirement_files;
  if (files.empty() && !config.python_requirements->empty())
    files.push_back(*config.python_requirements);
  std::vector<std::string> lines;
  const auto add = [&lines](const python::RequirementsFile& file) {
    for (const auto& line : file.requirements) lines.push_back(to_line(line));
    for (const auto& line : file.constraints) lines.push_back("-c " + to_line(line));
  };
  for (const auto& path : files) {
    TRY_ASSIGN(const auto file,
               python::read_requirements_file(question.project, path, services.environment));
    add(file);
  }
  if (files.empty()) {
    std::vector<python::OptionValue> packages;
    for (const auto& package : config.python_packages)
      packages.push_back({.value = package.value, .location = package.location});
    TRY_ASSIGN(const auto file,
               python::read_requirement_lines(question.project, packages, services.environment));
    add(file);
  }
  std::ranges::sort(lines);
  const auto repeated = std::ranges::unique(lines);
  lines.erase(repeated.begin(), repeated.end());
  return lines;
}

Result<lock::Lock> ask_resolver(const LockQuestion& question, const python::Target& target,
                                Asking asking, Services& services) {
  TRY_ASSIGN(resolve::Inputs inputs, to_inputs(question, target, services));
  inputs.preferences = std::move(asking.preferences);
  TRY_ASSIGN(const pypi::IndexConfig indexes, resolve::index_config(inputs));
  resolve::Sources sources{.open = [&](const pypi::IndexConfig& config)
                               -> Result<std::unique_ptr<resolve::DistributionSource>> {
                             return resolve::open_index_source(
                                 config,
                                 pypi::IndexServices{.http = services.http,
                                                     .blobs = services.blobs,
                                                     .keys = services.keys,
                                                     .clock = services.clock,
                                                     .reporter = services.reporter,
                                                     .offline = asking.offline,
                                                     .refresh = asking.refresh},
                                 question.project,
                                 {.runner = &services.runner, .directory = services.git_directory});
                           },
                           .reporter = services.reporter};
  TRY_ASSIGN(auto lock, resolve::resolve(inputs, sources));
  lock.python_version = to_string(target.python);
  lock.architecture = target.architecture;
  lock.libc = to_string(target.libc);
  lock.exclude_newer = inputs.options.exclude_newer;
  TRY_ASSIGN(lock.inputs, lock_inputs(question, target, services));
  lock.indexes.clear();
  for (const auto& index : indexes.indexes) lock.indexes.push_back(url::to_string(index));
  if (indexes.framework_index) lock.indexes.push_back(url::to_string(*indexes.framework_index));
  for (const auto& place : indexes.find_links) {
    const auto parsed = url::parse(place);
    lock.indexes.push_back(parsed ? url::to_string(*parsed) : path_from(question.root, place));
  }
  return lock;
}

Result<std::string> find_changed_file(const lock::Lock& lock, const std::filesystem::path& root,
                                      Services& services) {
  for (const auto& distribution : lock.distributions) {
    if (distribution.location.find("://") != std::string::npos) continue;
    if (distribution.form != lock::Form::wheel && distribution.form != lock::Form::source_archive)
      continue;
    // The lock says the size and digest of what a link leads to.
    std::error_code code;
    const auto path = std::filesystem::canonical(root / distribution.location, code);
    const auto stamp = io::stamp(path);
    if (code || !stamp) return fmt::format("`{}` is gone", distribution.location);
    const auto changed = fmt::format("`{}` has changed", distribution.location);
    if (stamp->size_bytes != distribution.size_bytes) return changed;
    store::FileDigests known(services.keys, services.clock);
    TRY_ASSIGN(auto digest, known.get(path, *stamp));
    if (!digest) {
      TRY_ASSIGN(digest, store::digest_file(path, *stamp, services.clock));
      TRY(known.put({.path = path, .stamp = *stamp, .digest = *digest}));
    }
    if (*digest != distribution.digest) return changed;
  }
  return std::string();
}

}  // namespace cogbuild::build
