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
#include <string>
#include <string_view>
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

void check_name(const Subject& subject, const config::Located<std::string>& reference,
                bool readable, RuleReporter& report) {
  const auto entry = entry_point(subject, reference);
  if (!entry) return;
  if (entry->file == nullptr) {
    if (subject.listing && subject.tree->stat(entry->path))
      report.at(reference.location,
                fmt::format("`{}` is left out of the image by .dockerignore", entry->path),
                fmt::format("add `!{}` at the end of .dockerignore", entry->path));
    return;
  }
  // What the reader of signatures understands is there, wherever it found it.
  if (readable || entry->class_node || entry->function_node || entry->file->module() == nullptr)
    return;
  report.at(reference.location,
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
  check_name(subject, subject.config->predict, subject.predict.has_value(), report);
  check_name(subject, subject.config->train, subject.train.has_value(), report);
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
