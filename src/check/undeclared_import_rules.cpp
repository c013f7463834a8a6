#include "import_names.hpp"
#include "listed_requirements.hpp"
#include "live_code.hpp"
#include "pip_install.hpp"
#include "rule_parts.hpp"
#include "rule_reporter.hpp"
#include "standard_library.hpp"
#include "text_lines.hpp"

#include <cogbuild/base/debian_base.hpp>
#include <cogbuild/syntax/imports.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace cogbuild::check {
namespace {

// Lower case, without signs: `python-docx` and `docx`, `PyZMQ` and `zmq` have the like in common.
std::string letters_of(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z')
      out += static_cast<char>(c - 'A' + 'a');
    else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
      out += c;
  }
  return out;
}

// The names in a lock, which stand right below `[[packages]]` in the one that cogbuild writes.
std::vector<std::string> locked_names(const Subject& subject) {
  constexpr std::uint64_t kLargestLock = std::uint64_t{16} << 20U;
  std::vector<std::string> out;
  if (!has_python_lock(subject)) return out;
  const auto text = subject.tree->read("pylock.toml", kLargestLock);
  if (!text) return out;
  bool in_package = false;
  for_each_line(*text, [&](const TextLine& line) {
    constexpr std::string_view kName = "name = \"";
    if (line.text.starts_with('[')) in_package = line.text == "[[packages]]";
    if (!in_package || !line.text.starts_with(kName)) return;
    const auto name = line.text.substr(kName.size());
    out.emplace_back(name.substr(0, name.find('"')));
  });
  return out;
}

// What a project says it installs.
class Given {
 public:
  explicit Given(const Subject& subject) : locked_(!locked_names(subject).empty()) {
    add("cog");
    for (const auto& one : listed_requirements(subject)) add(one.name());
    for (const auto& name : locked_names(subject)) add(name);
    // Versions and URLs do no harm: the name is in them.
    for (const auto& word : words_of_late_installs(subject)) add(word);
    if (subject.config)
      for (const auto& step : subject.config->run_steps) commands_ += letters_of(step->command);
  }

  [[nodiscard]] bool is_locked() const { return locked_; }
  // By the table; because a name holds its own; or because others commonly bring it.
  [[nodiscard]] bool has(const std::string& module) const {
    if (modules_.contains(module)) return true;
    const auto letters = letters_of(module);
    if (commands_.find(letters) != std::string::npos) return true;
    for (const auto& name : names_)
      if (name.find(letters) != std::string::npos) return true;
    if (locked_) return false;
    const auto distributions = distributions_of(module);
    return std::ranges::any_of(distributions,
                               [](const auto& name) { return is_used_without_import(name); });
  }

 private:
  void add(std::string_view distribution) {
    for (auto& module : import_names(distribution)) modules_.insert(std::move(module));
    names_.insert(letters_of(distribution));
  }

  bool locked_ = false;
  std::set<std::string> modules_{};
  std::set<std::string> names_{};
  std::string commands_{};
};

// The likeliest of those that install a module.
std::string suggestion(const std::string& module) {
  if (is_used_without_import(module)) return module;
  if (module == "cv2") return "opencv-python-headless";
  const auto known = distributions_of(module);
  const auto common =
      std::ranges::find_if(known, [](const auto& name) { return is_used_without_import(name); });
  return common == known.end() ? known.front() : *common;
}

// The names that a directory or file of the project gives to an import, wherever it lies: many
// programs add to `sys.path`.
std::set<std::string> project_modules(const Subject& subject) {
  std::set<std::string> out;
  const auto add = [&](std::string_view path) {
    while (!path.empty()) {
      const auto slash = std::min(path.find('/'), path.size());
      const auto part = path.substr(0, slash);
      out.emplace(part.substr(0, part.find('.')));
      path.remove_prefix(std::min(slash + 1, path.size()));
    }
  };
  for (const auto& file : subject.listing->files) add(file.path);
  for (const auto& path : subject.listing->ignored.paths) add(path);
  return out;
}

// Distributions whose names are not known, and code that is not here to be read.
bool installs_unknown_things(const Subject& subject) {
  if (std::ranges::any_of(subject.requirements->requirements, [](const auto& line) {
        return line.requirement.name.empty() || line.editable;
      }))
    return true;
  if (subject.tree->stat(".gitmodules")) return true;
  // An image that is named as the base may bring anything.
  const auto& base = *subject.settings.base;
  if (!base.empty() && !base::native_suite(base)) return true;
  constexpr auto kMarks =
      std::to_array<std::string_view>({"git clone", "git+", "setup.py", "install -e", "install .",
                                       "conda", "unzip", "tar ", "requirements", "sys.path"});
  return std::ranges::any_of(subject.config->run_steps, [&](const auto& step) {
    return std::ranges::any_of(
        kMarks, [&](auto mark) { return step->command.find(mark) != std::string::npos; });
  });
}

void find_undeclared(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.config || !subject.listing || !subject.requirements ||
      subject.requirements->requirements.empty() || installs_unknown_things(subject))
    return;
  const Given given(subject);
  const auto own = project_modules(subject);
  std::set<std::string> told;
  RuleReporter report(findings);
  for (const PythonFile* file : live_code(subject).near_files()) {
    const auto packages = syntax::imported_packages(file->text());
    const auto is_known = [&](const std::string& module) {
      return is_standard_module(module) || own.contains(module) || given.has(module);
    };
    if (std::ranges::all_of(packages, is_known) || file->module() == nullptr) continue;
    for (const auto& one : syntax::imports(*file->module())) {
      const auto module = one.module.substr(0, one.module.find('.'));
      // In `try`, `if` or a function it may be meant to be absent.
      if (!one.top_level || module.empty() || is_known(module) ||
          !live_code(subject).is_live(one.node) || !told.insert(module).second)
        continue;
      report.at(one.node,
                given.is_locked()
                    ? fmt::format("`{}` is imported, but nothing that is locked brings it", module)
                    : fmt::format("`{}` is imported, but no requirement names it", module),
                fmt::format("list `{}` with a version", suggestion(module)));
    }
  }
}

constexpr std::array kRules = {
    Rule{.id = "dependency-undeclared",
         .group = Group::dependencies,
         .severity = Severity::warning,
         .on_by_default = false,
         .summary = "an import that no requirement names",
         .why = "It works where the package happens to be installed, and fails at the first import "
                "in the image; or it works by luck, because another package needs the same today. "
                "Off unless asked for: without a lock, what a requirement brings is not known.",
         .bad = "python_packages:\n  - torch==2.5.1\n# predict.py\nimport librosa",
         .good = "python_packages:\n  - torch==2.5.1\n  - librosa==0.10.2",
         .find = find_undeclared},
};

}  // namespace

std::span<const Rule> undeclared_import_rules() { return kRules; }

}  // namespace cogbuild::check
