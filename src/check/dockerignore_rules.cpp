#include "left_out.hpp"
#include "live_code.hpp"
#include "reachable_code.hpp"
#include "rule_parts.hpp"
#include "rule_reporter.hpp"
#include "text_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>

namespace cogbuild::check {
namespace {

bool is_file(const Subject& subject, const std::string& path) {
  const auto entry = subject.tree->stat(path);
  return entry && entry->type == io::FileType::regular;
}

void find_code_left_out(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.config || !subject.listing || subject.listing->ignored.paths.empty()) return;
  RuleReporter report(findings);
  const auto* const by = subject.listing->has_dockerignore ? ".dockerignore" : "the default list";
  for (const auto* reference : {&subject.config->predict, &subject.config->train}) {
    const std::string path(file_of_reference(**reference));
    if (!path.empty() && is_left_out(subject, path) && is_file(subject, path))
      report.at(reference->location, fmt::format("`{}` is left out of the image by {}", path, by),
                fmt::format("keep it by a last line `!{}` in .dockerignore", path));
  }
  std::set<std::string> seen;
  for (const PythonFile* file : live_code(subject).files()) {
    for (const auto& name : imported_names(file->text())) {
      // An import in a function or in a `try` may be meant to fail.
      if (!name.unindented) continue;
      for (const auto& path : candidate_paths(name, file->path())) {
        if (!is_left_out(subject, path) || !is_file(subject, path) || !seen.insert(path).second)
          continue;
        // Beside the importing file only if nothing at the root bears the name; a distribution of
        // that name would win over neither, so that the import fails in the image.
        SourceLocation location{.file = file->path()};
        for_each_line(file->text(), [&](const TextLine& line) {
          if (line.number == name.line) location = line.at(file->path());
        });
        report.at(std::move(location),
                  fmt::format("`{}` is imported here, but left out of the "
                              "image by {}",
                              path, by),
                  fmt::format("keep it by a last line `!{}` in .dockerignore", path));
      }
    }
  }
}

void find_missing(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.listing || subject.listing->has_dockerignore || subject.listing->files.empty())
    return;
  RuleReporter(findings).in_file(
      ".dockerignore", "without it nearly everything in the project goes into the image",
      "write one with a line for each thing that the model does not need, and a first line `.git`");
}

constexpr std::array kRules = {
    Rule{.id = "dockerignore-leaves-out-code",
         .group = Group::files,
         .severity = Severity::error,
         .summary = "a Python file that the model imports is left out of the image",
         .why = "It works on your machine and fails in the image with `No module named …`.",
         .bad = "# .dockerignore\nutils*\n# predict.py\nfrom utils import resize",
         .good = "# .dockerignore\nutils*\n!utils.py",
         .find = find_code_left_out},
    Rule{.id = "dockerignore-missing",
         .group = Group::files,
         .severity = Severity::hint,
         .summary = "no .dockerignore",
         .why =
             "Samples, notebooks, training data and keys go into the image unless somebody "
             "leaves them out. cogbuild leaves out .git, __pycache__ and virtual environments by "
             "itself; Cog and Docker do not.",
         .bad = "cog.yaml\npredict.py\nsamples/",
         .good = "# .dockerignore\n.git\nsamples/",
         .find = find_missing},
};

}  // namespace

std::span<const Rule> dockerignore_rules() { return kRules; }

}  // namespace cogbuild::check
