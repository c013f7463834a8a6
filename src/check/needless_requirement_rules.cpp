#include "import_names.hpp"
#include "listed_requirements.hpp"
#include "live_code.hpp"
#include "project_words.hpp"
#include "rule_parts.hpp"
#include "rule_reporter.hpp"

#include <cogbuild/syntax/imports.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace cogbuild::check {
namespace {

// Not yapf: mmcv and what is made from it format code at run time.
bool is_development_tool(std::string_view name) {
  constexpr auto kTools = std::to_array<std::string_view>({"autoflake",
                                                           "autopep8",
                                                           "bandit",
                                                           "black",
                                                           "build",
                                                           "bumpversion",
                                                           "codecov",
                                                           "coverage",
                                                           "flake8",
                                                           "flit",
                                                           "ipdb",
                                                           "ipykernel",
                                                           "ipython",
                                                           "ipywidgets",
                                                           "isort",
                                                           "jupyter",
                                                           "jupyterlab",
                                                           "memory-profiler",
                                                           "mkdocs",
                                                           "mypy",
                                                           "nbconvert",
                                                           "notebook",
                                                           "nox",
                                                           "pdbpp",
                                                           "poetry",
                                                           "pre-commit",
                                                           "pycodestyle",
                                                           "pyflakes",
                                                           "pylint",
                                                           "pyright",
                                                           "pytest",
                                                           "pytest-asyncio",
                                                           "pytest-cov",
                                                           "pytest-mock",
                                                           "pytest-timeout",
                                                           "pytest-xdist",
                                                           "ruff",
                                                           "snakeviz",
                                                           "sphinx",
                                                           "tox",
                                                           "twine"});
  return std::ranges::binary_search(kTools, name);
}

std::set<std::string> modules_imported_by(const std::vector<const PythonFile*>& files) {
  std::set<std::string> out;
  for (const PythonFile* file : files)
    for (auto& module : syntax::imported_packages(file->text())) out.insert(std::move(module));
  return out;
}

bool any_imported(const std::set<std::string>& imported, std::string_view distribution) {
  return std::ranges::any_of(import_names(distribution),
                             [&](const auto& module) { return imported.contains(module); });
}

// Each brings IPython, and is what a notebook is worked on with.
bool is_of_notebooks(std::string_view name) {
  constexpr auto kNames = std::to_array<std::string_view>(
      {"ipykernel", "ipython", "ipywidgets", "jupyter", "jupyterlab", "nbconvert", "notebook"});
  return std::ranges::find(kNames, name) != kNames.end();
}

// Whether the model's code comes out of a notebook, or needs what comes with the tools for them.
bool uses_notebooks(const Subject& subject, const std::set<std::string>& imported) {
  if (imported.contains("IPython") || imported.contains("ipywidgets")) return true;
  return subject.listing &&
         std::ranges::any_of(subject.listing->files, [&](const project::ProjectFile& file) {
           return file.path.ends_with(".ipynb") &&
                  imported.contains(file.path.substr(0, file.path.size() - 6));
         });
}

void find_development_tools(const Subject& subject, std::vector<Finding>& findings) {
  const auto listed = listed_requirements(subject);
  if (std::ranges::none_of(listed, [](const auto& one) { return is_development_tool(one.name()); }))
    return;
  RuleReporter report(findings);
  const auto imported = modules_imported_by(live_code(subject).files());
  for (const auto& one : listed) {
    if (!is_development_tool(one.name()) || any_imported(imported, one.name()) ||
        (is_of_notebooks(one.name()) && uses_notebooks(subject, imported)))
      continue;
    report.at(
        location_of(one),
        fmt::format("`{}` is a tool for developing that the model does not import", one.written),
        "move it to a list of its own, such as requirements-dev.txt");
  }
}

// Code that is not here to be read may import anything.
bool has_unseen_code(const Subject& subject) {
  if (subject.tree->stat(".gitmodules")) return true;
  for (const auto& file : subject.python)
    if (file->mentions({"trust_remote_code", "custom_nodes", "git clone"})) return true;
  if (!subject.config) return true;
  return std::ranges::any_of(subject.config->run_steps, [](const auto& step) {
    const auto& text = step->command;
    return text.find("git clone") != std::string::npos || text.find("git+") != std::string::npos ||
           text.find("pip install -e") != std::string::npos ||
           text.find("--no-deps") != std::string::npos ||
           text.find("setup.py") != std::string::npos;
  });
}

void find_unused(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.listing || subject.python.empty()) return;
  const auto listed = listed_requirements(subject);
  if (listed.empty() || has_unseen_code(subject)) return;
  std::vector<const PythonFile*> all;
  for (const auto& file : subject.python) all.push_back(file.get());
  const auto imported = modules_imported_by(all);
  RuleReporter report(findings);
  for (const auto& one : listed) {
    if (is_used_without_import(one.name()) || is_development_tool(one.name()) ||
        any_imported(imported, one.name()))
      continue;
    const auto modules = import_names(one.name());
    const bool is_named = std::ranges::any_of(modules, [&](const std::string& module) {
      return is_mentioned(subject, module) || is_mentioned(subject, one.written);
    });
    if (is_named) continue;
    report.at(
        location_of(one),
        fmt::format("nothing in the project imports `{}` of `{}`", modules.front(), one.written),
        "remove it, unless another package needs just this version");
  }
}

constexpr std::array kRules = {
    Rule{.id = "dependency-development-tool",
         .group = Group::dependencies,
         .severity = Severity::warning,
         .summary = "a linter, formatter, test runner or notebook among the requirements",
         .why = "It makes the image larger and its resolution harder, and nothing in the model "
                "calls it.",
         .bad = "python_packages:\n  - torch==2.5.1\n  - pytest==8.3.3",
         .good = "python_packages:\n  - torch==2.5.1",
         .find = find_development_tools},
    Rule{.id = "dependency-unused",
         .group = Group::dependencies,
         .severity = Severity::hint,
         .on_by_default = false,
         .summary = "a requirement that no file of the project imports",
         .why = "Lists are copied from model to model and grow. What nobody imports costs size, "
                "time and conflicts. Off unless asked for: a package may be there for another one "
                "that uses it if it finds it.",
         .bad = "python_packages:\n  - gradio==4.44.0  # and no `import gradio`",
         .good = "python_packages: []",
         .find = find_unused},
};

}  // namespace

std::span<const Rule> needless_requirement_rules() { return kRules; }

}  // namespace cogbuild::check
