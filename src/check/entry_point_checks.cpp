#include "config_checks.hpp"
#include "entry_point.hpp"
#include "flat_errors.hpp"
#include "rule_reporter.hpp"

#include <cogbuild/config/config.hpp>
#include <cogbuild/config/suggest.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogbuild::check {
namespace {

std::string fix_for(const std::vector<std::string>& names, std::string_view wanted) {
  constexpr std::size_t kMostNames = 8;
  if (const auto near = config::nearest(wanted, names))
    return fmt::format("did you mean `{}`?", *near);
  if (names.empty()) return fmt::format("define `{}` in the file, or correct the name", wanted);
  const std::vector<std::string> shown(
      names.begin(),
      names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), kMostNames)));
  return fmt::format("the file defines {}{}", fmt::join(shown, ", "),
                     names.size() > shown.size() ? ", …" : "");
}

struct Reference {
  const config::Located<std::string>& text;
  const std::optional<schema::Signature>& signature;
  const std::vector<Error>& faults;  // of reading the signature
};

// Why a file that is there is none of those that were read from the image.
void report_unread(const Subject& subject, const Reference& reference, const std::string& path,
                   RuleReporter& report) {
  const auto tell = [&](std::string message, std::string fix) {
    report.at(reference.text.location, std::move(message), std::move(fix));
  };
  if (path.starts_with('/') || path.starts_with("../"))
    return tell(fmt::format("`{}` is outside the project", path),
                "name a file of the project, relative to its root");
  const auto entry = subject.tree->stat(path);
  if (!entry) return;
  const auto& files = subject.listing->files;
  const bool ships = std::ranges::find(files, path, &project::ProjectFile::path) != files.end();
  if (ships && reference.signature) return;  // a link to another file of the project
  if (!reference.faults.empty() && (ships || entry->type != io::FileType::regular))
    return tell(reference.faults.front().message(), "name the Python file itself");
  tell(fmt::format("`{}` is left out of the image by .dockerignore", path),
       fmt::format("add `!{}` at the end of .dockerignore", path));
}

void check_name(const Subject& subject, const Reference& reference, RuleReporter& report) {
  const auto entry = entry_point(subject, reference.text);
  if (!entry) return;
  if (entry->file == nullptr) {
    if (subject.listing) report_unread(subject, reference, entry->path, report);
    return;
  }
  // What the reader of signatures understands is there, wherever it found it.
  if (reference.signature || entry->class_node || entry->function_node ||
      entry->file->module() == nullptr)
    return;
  report.at(reference.text.location,
            fmt::format("`{}` defines no `{}` at its top level", entry->path, entry->name),
            fix_for(top_level_names(*entry->file->module()), entry->name));
}

}  // namespace

void find_wrong_entry_points(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.config) return;
  RuleReporter report(findings);
  if (const auto checked = config::check_entry_points(*subject.tree, *subject.config); !checked) {
    std::vector<Error> errors;
    append_flat(checked.error(), errors);
    for (const auto& error : errors)
      report.at(error.location().value_or(SourceLocation{.file = subject.config_file}),
                error.message(),
                error.hints().empty() ? "correct the path" : error.hints().front());
  }
  check_name(subject, {subject.config->predict, subject.predict, subject.predict_faults}, report);
  check_name(subject, {subject.config->train, subject.train, subject.train_faults}, report);
}

void find_no_entry_point(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.config || !subject.config->predict->empty() || !subject.config->train->empty())
    return;
  RuleReporter(findings).in_file(
      subject.config_file, "neither `run` nor `train` is set: the image could do nothing",
      "add `run: \"run.py:Runner\"`, or write a project with `cogbuild init`");
}

void find_concurrency_without_async(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.config || !subject.predict || subject.predict->asynchronous) return;
  const auto most = subject.config->concurrency_max.value_or(1);
  if (most < 2) return;
  RuleReporter(findings).at(subject.predict->location,
                            fmt::format("`concurrency.max` is {}, but `{}` is not `async def`",
                                        most, subject.predict->function),
                            fmt::format("write `async def {}`, or remove `concurrency` from {}",
                                        subject.predict->function, subject.config_file));
}

}  // namespace cogbuild::check
