#include "project_step.hpp"

#include "duplicate_weights.hpp"
#include "schema_step.hpp"

#include <cogbuild/lock/project_lock.hpp>
#include <cogbuild/project/baked_in.hpp>
#include <cogbuild/project/utf8.hpp>
#include <cogbuild/store/file_digests.hpp>
#include <cogbuild/weights/probe.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <variant>

namespace cogbuild::build {

namespace {

Result<void> digest_code(const io::Tree& tree, Services& services, bool use_cache,
                         Project& project) {
  std::vector<store::StampedFile> files;
  std::vector<std::string> paths;
  for (const auto& file : project.listing.files) {
    if (file.type != io::FileType::regular || file.role == project::FileRole::weights) continue;
    files.push_back({.path = tree.disk_path(file.path), .stamp = file.stamp});
    paths.push_back(file.path);
  }
  store::FileDigests known(services.keys, services.clock);
  std::vector<std::optional<digest::Digest>> digests(files.size());
  if (use_cache) {
    TRY_ASSIGN(digests, known.get_many(files));
  }
  std::vector<store::DigestedFile> fresh;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!digests[i]) {
      services.reporter.explain(fmt::format("{}: new or changed, reading it", paths[i]));
      TRY_ASSIGN(digests[i], store::digest_file(files[i].path, files[i].stamp, services.clock));
      fresh.push_back({.path = files[i].path, .stamp = files[i].stamp, .digest = *digests[i]});
    }
    project.contents.emplace(paths[i], *digests[i]);
  }
  return fresh.empty() ? Result<void>() : known.put_many(fresh);
}

std::filesystem::path place(const push::Output& output) {
  return std::visit(
      [](const auto& form) {
        if constexpr (requires { form.file; })
          return form.file;
        else
          return form.directory;
      },
      output);
}

// What the last build wrote into the project makes the next image hold the one before.
void warn_of_outputs(const Options& options, const Project& project, progress::Reporter& reporter) {
  for (const auto& output : options.outputs) {
    std::error_code ignored;
    const auto path = std::filesystem::weakly_canonical(place(output), ignored)
                          .lexically_relative(project.root)
                          .generic_string();
    if (std::ranges::find(project.listing.files, path, &project::ProjectFile::path) !=
        project.listing.files.end())
      reporter.warn(fmt::format(
          "`{}` is an output of this build and goes into the image: name it in .dockerignore, or "
          "write it elsewhere",
          project::escape(path)));
  }
}

}  // namespace

void tell_warning(const Error& warning, progress::Reporter& reporter) {
  std::string text = render(warning);
  text.resize(text.find('\n'));
  if (const auto at = text.find("error: "); at != std::string::npos) text.erase(at, 7);
  for (const auto& hint : warning.hints()) text += "; " + hint;
  reporter.warn(text);
}

Result<Project> read_config(const Options& options, progress::Reporter& reporter) {
  Project project;
  std::error_code code;
  const auto start = std::filesystem::canonical(options.project, code);
  if (code)
    return fail(
        Error(ErrorKind::usage, fmt::format("there is no directory {}", options.project.string())));
  TRY_ASSIGN(project.root, config::find_project_root(start, options.config_file));
  const io::DiskTree tree(project.root);
  TRY_ASSIGN(auto read, config::read(tree, options.config_file));
  project.config = std::move(read.config);
  TRY(config::check_entry_points(tree, project.config));
  for (const auto& warning : read.warnings) tell_warning(warning, reporter);
  TRY_ASSIGN(auto settings, config::read_settings(tree));
  project.settings = std::move(settings.settings);
  for (const auto& warning : settings.warnings) tell_warning(warning, reporter);
  return project;
}

Result<Project> read_project(const Options& options, Services& services) {
  TRY_ASSIGN(Project project, read_config(options, services.reporter));
  TRY(describe_code(options, services.environment, services.reporter, project));
  const io::DiskTree tree(project.root);
  TRY_ASSIGN(project.listing,
             project::scan(tree, {.allow_lfs_pointers = options.allow_lfs_pointers}));
  // A build may rewrite them, and what it writes must not change what it builds.
  std::erase_if(project.listing.files,
                [](const auto& file) { return lock::is_lock_file(file.path); });
  for (const auto& warning : project.listing.warnings) services.reporter.warn(warning);
  for (const auto& warning : project::warn_of_baked_in(project.listing))
    services.reporter.warn(warning);
  warn_of_outputs(options, project, services.reporter);
  if (const auto line = project::describe_ignored(project.listing); !line.empty())
    services.reporter.note(line);
  for (const auto& file : project.listing.files) {
    if (file.role != project::FileRole::weights) continue;
    const auto path = tree.disk_path(file.path);
    project.sources.emplace(file.path, path.string());
    if (options.compression != plan::CompressionChoice::zstd) continue;
    TRY_ASSIGN(const bool pays, weights::compressing_pays(path));
    project.compressible.emplace(file.path, pays);
  }
  TRY(digest_code(tree, services, options.use_cache, project));
  TRY_ASSIGN(const auto duplicates, warn_of_duplicate_weights(project, services));
  for (const auto& warning : duplicates) services.reporter.warn(warning);
  return project;
}

}  // namespace cogbuild::build
