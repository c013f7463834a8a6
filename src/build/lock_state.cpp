#include "lock_state.hpp"

#include <cogbuild/io/bytes.hpp>
#include <cogbuild/io/file.hpp>
#include <cogbuild/lock/changes.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace cogbuild::build {

namespace {

Result<std::optional<std::string>> read_if_there(const std::filesystem::path& path) {
  auto text = io::read_file(path);
  if (text) return std::optional(*std::move(text));
  if (text.error().kind() == ErrorKind::not_found) return std::nullopt;
  return fail(std::move(text).error());
}

std::string one_line(const Error& error) {
  std::string text = render(error);
  text.resize(std::min(text.find('\n'), text.size()));
  if (const auto at = text.find("error: "); at != std::string::npos) text.erase(at, 7);
  return text;
}

std::string architecture_of(const image::Platform& platform) {
  return platform.architecture == "arm64" ? "aarch64" : "x86_64";
}

// `3.11` of `3.11.9`.
std::string minor_of(const std::string& version) {
  const auto dot = version.find('.');
  return version.substr(0, dot == std::string::npos ? dot : version.find('.', dot + 1));
}

Result<python::Target> locked_target(const lock::LockedBase& base,
                                     const image::Platform& platform) {
  python::Target target{.architecture = architecture_of(platform)};
  TRY_ASSIGN(target.python, python::Version::parse(base.python));
  TRY_ASSIGN(target.libc, python::Libc::parse(base.libc));
  return target;
}

template <class T>
std::string describe_choice(const std::optional<T>& value) {
  if (!value) return "none";
  if constexpr (std::is_same_v<T, bool>)
    return *value ? "yes" : "no";
  else if constexpr (std::is_same_v<T, std::string>)
    return value->empty() ? "none" : *value;
  else
    return value->empty() ? "none" : fmt::format("{}", fmt::join(*value, ", "));
}

// Options by the names of their flags.
std::vector<std::string> choice_changes(const lock::Choices& before, const lock::Choices& after) {
  std::vector<std::string> found;
  const auto compare = [&](const char* flag, auto field) {
    if (before.*field != after.*field)
      found.push_back(fmt::format("{}: {} -> {}", flag, describe_choice(before.*field),
                                  describe_choice(after.*field)));
  };
  using lock::Choices;
  compare("--base-packages", &Choices::base_packages);
  compare("--keep-docs", &Choices::keep_docs);
  compare("--use-cog-base-image", &Choices::use_cog_base_image);
  compare("--use-cuda-base-image", &Choices::use_cuda_base_image);
  compare("--extra-index-url", &Choices::extra_index_urls);
  compare("--find-links", &Choices::find_links);
  compare("--no-index", &Choices::no_index);
  compare("--index-strategy", &Choices::index_strategy);
  compare("--resolution", &Choices::resolution);
  compare("--pre", &Choices::prereleases);
  compare("--prefer-binary", &Choices::prefer_binary);
  compare("--exclude-newer", &Choices::exclude_newer);
  compare("--no-binary", &Choices::no_binary);
  compare("--only-binary", &Choices::only_binary);
  compare("--constraint", &Choices::constraint_files);
  compare("--override", &Choices::override_files);
  compare("--torch-backend", &Choices::torch_backend);
  compare("--torch-index", &Choices::torch_index);
  compare("--opencv-headless", &Choices::opencv_headless);
  return found;
}

void add_base_changes(const lock::LockedBase& locked, const LockQuestion& question,
                      const LockWish& wish, std::vector<std::string>& reasons) {
  if (locked.platform != to_string(wish.platform))
    reasons.push_back(fmt::format("platform: {} -> {}", locked.platform, to_string(wish.platform)));
  const std::string python = minor_of(question.config.python_version.value);
  if (!python.empty() && minor_of(locked.python) != python)
    reasons.push_back(fmt::format("python: {} -> {}", minor_of(locked.python), python));
  if (locked.reference != wish.base)
    reasons.push_back(fmt::format("base: {} -> {}", locked.reference, wish.base));
}

}  // namespace

Result<LockFiles> read_lock_files(const std::filesystem::path& root, const std::string& config_file,
                                  Unreadable unreadable, progress::Reporter& reporter) {
  LockFiles files{.names = lock::lock_file_names(config_file), .root = root};
  TRY_ASSIGN(files.pylock_text, read_if_there(root / files.names.pylock));
  TRY_ASSIGN(files.project_text, read_if_there(root / files.names.project));
  if (!files.project_text) return files;
  auto project = lock::parse_project_lock(*files.project_text, files.names.project);
  if (project) {
    files.project = *std::move(project);
  } else if (unreadable == Unreadable::is_an_error) {
    return fail(std::move(project).error().hint("`cogbuild lock` writes it anew"));
  } else {
    reporter.warn(one_line(project.error()) + "; it is written anew");
  }
  return files;
}

Result<Freshness> check_lock(const LockFiles& files, const LockQuestion& question,
                             const LockWish& wish, Unreadable unreadable, Services& services) {
  Freshness freshness;
  auto& reasons = freshness.reasons;
  if (!files.project) {
    reasons.push_back(files.pylock_text ? fmt::format("{} is of another tool: there is no {}",
                                                      files.names.pylock, files.names.project)
                                        : fmt::format("there is no {}", files.names.pylock));
    return freshness;
  }
  const lock::ProjectLock& project = *files.project;
  add_base_changes(project.base, question, wish, reasons);
  reasons.insert(reasons.end(), wish.root_changes.begin(), wish.root_changes.end());
  for (auto& change : choice_changes(project.choices, lock::without_credentials(question.choices)))
    reasons.push_back(std::move(change));
  TRY_ASSIGN(const auto lines, requirement_lines(question, services));
  for (auto& change : lock::requirement_changes(project.requirements, lines))
    reasons.push_back(std::move(change));
  if (!files.pylock_text) reasons.push_back(fmt::format("there is no {}", files.names.pylock));
  if (!reasons.empty()) return freshness;

  const auto target = locked_target(project.base, wish.platform);
  if (!target) {
    reasons.push_back(fmt::format("{} does not say what it was made for", files.names.project));
    return freshness;
  }
  TRY_ASSIGN(const auto inputs, lock_inputs(question, *target, services));
  if (inputs != project.inputs)
    reasons.push_back(
        "what the resolution was asked for (files that requirements name, variables, or rules of "
        "another cogbuild)");
  auto read =
      lock::parse_pylock(*files.pylock_text, {.file = files.names.pylock, .target = &*target});
  if (!read && unreadable == Unreadable::is_an_error)
    return fail(std::move(read).error().hint("`cogbuild lock` writes it anew"));
  if (!read) {
    reasons.push_back(one_line(read.error()));
    return freshness;
  }
  if (reasons.empty() && read->inputs != project.inputs)
    reasons.push_back(
        fmt::format("{} and {} do not belong together", files.names.pylock, files.names.project));
  if (!reasons.empty()) return freshness;
  TRY_ASSIGN(auto changed, find_changed_file(*read, files.root, services));
  if (changed.empty())
    freshness.lock = *std::move(read);
  else
    reasons.push_back(std::move(changed));
  return freshness;
}

std::optional<lock::Lock> earlier_lock(const LockFiles& files, const python::Target& target,
                                       progress::Reporter& reporter) {
  if (!files.pylock_text) return std::nullopt;
  auto read =
      lock::read_pylock(*files.pylock_text, {.file = files.names.pylock, .target = &target});
  if (!read) {
    reporter.warn(one_line(read.error()) + "; its versions are not preferred");
    return std::nullopt;
  }
  for (const auto& warning : read->warnings) reporter.warn(one_line(warning));
  return std::move(read->lock);
}

Error lock_outdated(const LockFiles& files, const std::vector<std::string>& reasons,
                    std::string_view flag) {
  const auto absent = fmt::format("there is no {}", files.names.pylock);
  if (reasons.size() == 1 && reasons.front() == absent)
    return Error(ErrorKind::lock_outdated, fmt::format("{}, but {} asks for one", absent, flag))
        .hint("run `cogbuild lock`");
  Error error(ErrorKind::lock_outdated,
              fmt::format("{} is out of date: {}", files.names.pylock, fmt::join(reasons, "; ")));
  return std::move(error).hint("run `cogbuild lock`");
}

Result<python::Target> target_of(const base::BaseImage& base, const image::Platform& platform) {
  python::Target target{.architecture = architecture_of(platform)};
  if (!base.summary.interpreter)
    return fail(Error(ErrorKind::config, fmt::format("the base {} has no Python", base.name)));
  TRY_ASSIGN(target.python, python::Version::parse(base.summary.interpreter->version));
  auto libc = python::Libc::parse(base.summary.libc);
  if (!libc)
    return fail(
        Error(ErrorKind::config,
              fmt::format("the C library of the base {} could not be told", base.name))
            .hint("choose a base that keeps its package database, or has its libc.so.6 in /lib"));
  target.libc = *libc;
  return target;
}

Result<lock::ProjectLock> to_project_lock(const LockQuestion& question, const LockWish& wish,
                                          const Root& root, const std::string& inputs,
                                          const Services& services) {
  const base::TreeSummary& summary = root.base.summary;
  lock::ProjectLock project{
      .inputs = inputs,
      .base = {.reference = wish.base,
               .digest = root.digest,
               .platform = to_string(wish.platform),
               .python = summary.interpreter ? summary.interpreter->version : "",
               .libc = summary.libc},
      .choices = lock::without_credentials(question.choices),
      .system = root.system};
  TRY_ASSIGN(project.requirements, requirement_lines(question, services));
  return project;
}

bool would_change(const LockFiles& files, const lock::Lock& lock,
                  const lock::ProjectLock& project) {
  return files.pylock_text != to_pylock(lock) || files.project_text != to_toml(project);
}

Result<std::vector<std::string>> write_lock_files(const LockFiles& files, const lock::Lock& lock,
                                                  const lock::ProjectLock& project) {
  std::vector<std::string> written;
  std::vector<std::unique_ptr<io::AtomicFile>> staged;
  const auto stage = [&](const std::string& name, const std::optional<std::string>& before,
                         const std::string& text) -> Result<void> {
    if (before == text) return {};
    TRY_ASSIGN(auto file, io::AtomicFile::create(files.root / name));
    TRY(file->write(io::bytes(text)));
    staged.push_back(std::move(file));
    written.push_back(name);
    return {};
  };
  // Neither takes its place before both are whole: a full disk changes nothing. A kill in between
  // leaves two files that do not belong together, which the next run sees.
  TRY(stage(files.names.pylock, files.pylock_text, to_pylock(lock)));
  TRY(stage(files.names.project, files.project_text, to_toml(project)));
  for (const auto& file : staged) TRY(file->commit());
  return written;
}

}  // namespace cogbuild::build
