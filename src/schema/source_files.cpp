#include "source_files.hpp"

#include <cogbuild/syntax/expressions.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace cogbuild::schema {
namespace {

constexpr int kMaxLinks = 40;

// Modules that Cog takes for outside ones without looking, relative imports among them.
constexpr auto kOutside = std::to_array<std::string_view>({"builtins",
                                                           "typing",
                                                           "typing_extensions",
                                                           "collections",
                                                           "abc",
                                                           "enum",
                                                           "dataclasses",
                                                           "os",
                                                           "sys",
                                                           "io",
                                                           "json",
                                                           "re",
                                                           "math",
                                                           "pathlib",
                                                           "functools",
                                                           "itertools",
                                                           "contextlib",
                                                           "concurrent",
                                                           "asyncio",
                                                           "multiprocessing",
                                                           "threading",
                                                           "logging",
                                                           "warnings",
                                                           "unittest",
                                                           "pytest",
                                                           "numpy",
                                                           "torch",
                                                           "tensorflow",
                                                           "jax",
                                                           "scipy",
                                                           "sklearn",
                                                           "transformers",
                                                           "diffusers",
                                                           "accelerate",
                                                           "safetensors",
                                                           "PIL",
                                                           "cv2",
                                                           "skimage",
                                                           "requests",
                                                           "httpx",
                                                           "aiohttp",
                                                           "fastapi",
                                                           "flask",
                                                           "pydantic",
                                                           "cog"});

std::size_t dots_in_front(std::string_view module) {
  return std::min(module.find_first_not_of('.'), module.size());
}

bool is_outside(std::string_view module, Reading reading) {
  const std::size_t dots = dots_in_front(module);
  if (reading == Reading::as_python && dots > 0) return false;
  // Of `io.x` what stands before the first dot counts; of `.io` and `.io.x` Cog takes all.
  const std::string_view top = dots == 0 ? module.substr(0, module.find('.')) : module.substr(dots);
  return std::find(kOutside.begin(), kOutside.end(), top) != kOutside.end();
}

std::string parent_folder(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

// Without the ending; empty where no file can be meant.
std::string module_path(const std::string& from, std::string_view module) {
  const std::size_t dots = dots_in_front(module);
  std::string out;
  if (dots > 0) {
    out = parent_folder(from);
    for (std::size_t up = 1; up < dots; ++up) out = parent_folder(out);
  }
  std::string_view rest = module.substr(dots);
  if (rest.empty()) return {};
  while (!rest.empty()) {
    const std::size_t dot = rest.find('.');
    const std::string_view part = rest.substr(0, dot);
    if (!part.empty()) out.append(out.empty() ? "" : "/").append(part);
    rest = dot == std::string_view::npos ? std::string_view() : rest.substr(dot + 1);
  }
  return out;
}

Error outside(const std::string& path) {
  return Error(ErrorKind::config, fmt::format("`{}` leads out of the project", path))
      .hint("name a file of the project, relative to its root");
}

// The path with links followed that stay inside the root.
Result<std::string> follow_links(const io::Tree& tree, const std::string& path) {
  std::string done;
  std::string rest = path;
  int links = 0;
  while (!rest.empty()) {
    const std::size_t slash = rest.find('/');
    const std::string part = rest.substr(0, slash);
    rest = slash == std::string::npos ? std::string() : rest.substr(slash + 1);
    const std::string here = done.empty() ? part : done + "/" + part;
    TRY_ASSIGN(const auto entry, tree.stat(here));
    if (entry.type != io::FileType::symlink) {
      if (!rest.empty() && entry.type != io::FileType::directory)
        return fail(Error(ErrorKind::not_found, fmt::format("`{}` is not a folder", here)));
      done = here;
      continue;
    }
    if (++links > kMaxLinks)
      return fail(Error(ErrorKind::config, fmt::format("`{}` is a circle of links", path)));
    if (entry.link_target.starts_with('/')) return fail(outside(path));
    const std::optional<std::string> target =
        clean_path((done.empty() ? "" : done + "/") + entry.link_target);
    if (!target) return fail(outside(path));
    rest = rest.empty() ? *target : *target + "/" + rest;
    done.clear();
  }
  return done;
}

Result<std::unique_ptr<SourceFile>> read_file(const io::Tree& tree, const std::string& path) {
  TRY_ASSIGN(const std::string real, follow_links(tree, path));
  TRY_ASSIGN(const auto entry, tree.stat(real));
  if (entry.type != io::FileType::regular)
    return fail(Error(ErrorKind::config, fmt::format("`{}` is not a file", path)));
  TRY_ASSIGN(std::string text, tree.read(real, syntax::kMaxSourceBytes));
  TRY_ASSIGN(auto module, syntax::Module::parse(path, std::move(text)));
  return std::make_unique<SourceFile>(path, std::move(module));
}

}  // namespace

SourceFile::SourceFile(std::string file, std::unique_ptr<syntax::Module> parsed)
    : path(std::move(file)), module(std::move(parsed)), imports(*module), constants(*module) {
  for (const syntax::Node& statement : module->root().named_children()) {
    if (const syntax::Node definition = syntax::class_definition(statement))
      classes[std::string(definition.field("name").text())].push_back(definition);
    else if (const syntax::Node function = syntax::function_definition(statement))
      functions.try_emplace(std::string(function.field("name").text()), function);
  }
}

syntax::Node SourceFile::first_class(std::string_view name) const {
  const auto found = classes.find(name);
  return found == classes.end() ? syntax::Node() : found->second.front();
}

syntax::Node SourceFile::first_function(std::string_view name) const {
  const auto found = functions.find(name);
  return found == functions.end() ? syntax::Node() : found->second;
}

Result<const SourceFile*> ProjectFiles::open(const std::string& path) {
  if (const auto found = files_.find(path); found != files_.end()) return found->second.get();
  TRY_ASSIGN(auto file, read_file(tree_, path));
  return files_.insert_or_assign(path, std::move(file)).first->second.get();
}

const SourceFile* ProjectFiles::open_if_there(const std::string& path) {
  if (const auto found = files_.find(path); found != files_.end()) return found->second.get();
  if (files_.size() >= kMaxSourceFiles || missing_.contains(path)) return nullptr;
  auto file = read_file(tree_, path);
  if (file) return files_.try_emplace(path, std::move(*file)).first->second.get();
  if (file.error().kind() != ErrorKind::not_found) warnings_.push_back(std::move(file).error());
  missing_.insert(path);
  return nullptr;
}

const SourceFile* ProjectFiles::find_module(const SourceFile& from, std::string_view module,
                                            Reading reading) {
  if (is_outside(module, reading)) return nullptr;
  const std::string path = module_path(from.path, module);
  if (!path.empty())
    if (const SourceFile* file = open_if_there(path + ".py")) return file;
  if (reading == Reading::as_cog) return nullptr;
  if (!path.empty()) return open_if_there(path + "/__init__.py");
  std::string folder = parent_folder(from.path);
  for (std::size_t up = 1; up < dots_in_front(module); ++up) folder = parent_folder(folder);
  return open_if_there(folder.empty() ? "__init__.py" : folder + "/__init__.py");
}

ProjectFiles::Imported ProjectFiles::find_imported(const SourceFile& from, const Origin& origin,
                                                   Reading reading) {
  if (const SourceFile* file = find_module(from, origin.module, reading)) return {file, false};
  if (origin.module.empty() || origin.original.empty()) return {};
  const std::string submodule =
      origin.module == "." ? "." + origin.original : origin.module + "." + origin.original;
  return {find_module(from, submodule, reading), true};
}

std::optional<std::string> clean_path(std::string_view path) {
  if (path.starts_with('/')) return std::nullopt;
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      parts.push_back(part);
      continue;
    }
    if (parts.empty()) return std::nullopt;
    parts.pop_back();
  }
  std::string out;
  for (const std::string_view part : parts) out.append(out.empty() ? "" : "/").append(part);
  return out;
}

}  // namespace cogbuild::schema
