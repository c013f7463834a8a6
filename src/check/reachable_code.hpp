#pragma once

#include <cogbuild/check/subject.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::check {

// A module of the project that code imports, as its lines say it.
struct ImportedName {
  std::string module{};     // `a.b`; of a relative import with its dots in front
  std::string original{};   // of `from a.b import x`: `x`; else empty
  bool unindented = false;  // neither in a function nor in a `try` or `if`
  std::size_t line = 0;
};

// The imports of a text by its lines, without parsing: some ten times as fast, and what a line of a
// string could fake does little harm here.
std::vector<ImportedName> imported_names(std::string_view text);

// Paths that an import may mean, relative to the project's root: the module's file or package, and
// those of a submodule that `from … import …` names; below the root, beside the importing file and
// in the directories that `sys.path` is given. Not every one exists.
std::vector<std::string> candidate_paths(const ImportedName& name, std::string_view importing_file);

// The Python files that `run`/`predict` and `train` name and those they import, directly or not, by
// path. Tests and scripts that nobody imports are not among them.
std::vector<const PythonFile*> reachable_code(const Subject& subject);

// The file that a reference such as `predict.py:Predictor` names.
std::string_view file_of_reference(std::string_view reference);

}  // namespace cogbuild::check
