#include "entry_point.hpp"
#include "python_checks.hpp"
#include "reachable_code.hpp"
#include "rule_reporter.hpp"

#include <cogbuild/syntax/expressions.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::check {
namespace {

using syntax::Node;

constexpr std::string_view kNotPython = "this is not Python";

// Whether the reference leads to a class or function at all, in today's form: other rules,
// `config-entry-point` and `old-decorator`, say where not.
bool leads_somewhere(const Subject& subject, const config::Located<std::string>& reference) {
  const auto entry = entry_point(subject, reference);
  return entry && entry->file != nullptr && !has_old_decorators(*entry) &&
         (entry->class_node || entry->function_node || entry->file->module() == nullptr);
}

void report_faults(const std::vector<Error>& faults, RuleReporter& report) {
  for (const Error& fault : faults)
    if (fault.message() != kNotPython)  // `python-syntax` says it
      report.at(fault.location().value_or(SourceLocation{}), fault.message(),
                fault.hints().empty() ? "correct the signature" : fault.hints().front());
}

// The function that a signature was read from, in a file that was read too.
Node callable(const Subject& subject, const schema::Signature& signature) {
  const PythonFile* file = subject.python_file(signature.file);
  if (file == nullptr || file->module() == nullptr) return {};
  Node found;
  syntax::walk(file->module()->root(), [&](const Node& node) {
    if (found) return false;
    if (node.is("function_definition") && node.field("name").line() == signature.location.line &&
        node.field("name").text() == signature.function)
      found = node;
    return true;
  });
  return found;
}

void report_unannotated(const Subject& subject, const schema::Signature& signature,
                        RuleReporter& report) {
  const Node function = callable(subject, signature);
  bool first = !signature.class_name.empty();
  for (const Node& parameter : function.field("parameters").named_children()) {
    if (parameter.is("comment")) continue;
    if (std::exchange(first, false)) continue;  // self
    if (!parameter.is("identifier")) continue;
    report.at(parameter,
              fmt::format("`{}` has no type: callers can neither see nor set it", parameter.text()),
              fmt::format("give it one, as in `{}: str`", parameter.text()));
  }
}

}  // namespace

void find_signature_faults(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.config) return;
  RuleReporter report(findings);
  if (leads_somewhere(subject, subject.config->predict))
    report_faults(subject.predict_faults, report);
  if (leads_somewhere(subject, subject.config->train)) report_faults(subject.train_faults, report);
}

void find_missing_annotations(const Subject& subject, std::vector<Finding>& findings) {
  RuleReporter report(findings);
  if (subject.predict) report_unannotated(subject, *subject.predict, report);
  if (subject.train) report_unannotated(subject, *subject.train, report);
}

void find_syntax_errors(const Subject& subject, std::vector<Finding>& findings) {
  // Parsing is the dearest step of a check: 10 MB a second.
  constexpr std::size_t kMostBytes = std::size_t{256} << 10;
  std::vector<const PythonFile*> files;
  for (const EntryPoint& entry : entry_points(subject)) files.push_back(entry.file);
  for (const PythonFile* file : reachable_code(subject))
    if (std::find(files.begin(), files.end(), file) == files.end()) files.push_back(file);
  RuleReporter report(findings);
  std::size_t bytes = 0;
  for (const PythonFile* file : files) {
    bytes += file->text().size();
    if (bytes > kMostBytes && file != files.front()) return;
    if (file->module() == nullptr) continue;
    if (const Node place = file->module()->first_error())
      report.at(place, std::string(kNotPython), "correct it: the model imports this file");
  }
}

}  // namespace cogbuild::check
