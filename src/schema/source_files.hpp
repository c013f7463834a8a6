#pragma once

#include "import_table.hpp"
#include "literals.hpp"

#include <cogbuild/error/result.hpp>
#include <cogbuild/io/tree.hpp>
#include <cogbuild/syntax/module.hpp>

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::schema {

// How names and types are read. `as_cog` is what Cog's static generator does; `as_python` is what
// Python and Cog's library make of the same source when it runs, which is more. The second is
// asked only where the first gives an error.
enum class Reading { as_cog, as_python };

inline constexpr std::size_t kMaxSourceFiles = 500;

// One Python file of the project.
struct SourceFile {
  explicit SourceFile(std::string file, std::unique_ptr<syntax::Module> parsed);

  std::string path{};
  std::unique_ptr<syntax::Module> module{};
  ImportTable imports{};
  Constants constants;
  // At the top level, in the order of the source.
  std::map<std::string, std::vector<syntax::Node>, std::less<>> classes{};
  std::map<std::string, syntax::Node, std::less<>> functions{};  // the first of each name

  [[nodiscard]] SourceLocation location(std::size_t offset) const {
    return module->location_at(offset);
  }
  // The first class of that name, as Cog takes it; no node without one.
  [[nodiscard]] syntax::Node first_class(std::string_view name) const;
  [[nodiscard]] syntax::Node first_function(std::string_view name) const;
};

// Reads the files of a project, each once. No path and no link leads out of its root.
class ProjectFiles {
 public:
  explicit ProjectFiles(const io::Tree& tree) : tree_(tree) {}

  // Errors: not_found; config (outside the root, too large); io.
  Result<const SourceFile*> open(const std::string& path);
  // The file of the module that `from` calls `module` (relative with dots in front), null where it
  // is none of the project's. Names that Cog knows to be outside are not looked for.
  const SourceFile* find_module(const SourceFile& from, std::string_view module, Reading reading);
  // The module that an import of `from` reaches: the one named, else (`by_submodule`) the one that
  // the imported name is.
  struct Imported {
    const SourceFile* file = nullptr;
    bool by_submodule = false;
  };
  Imported find_imported(const SourceFile& from, const Origin& origin, Reading reading);

  // Files that were left out, with the reason.
  [[nodiscard]] std::vector<Error> take_warnings() { return std::move(warnings_); }

 private:
  // Null, once and for all, for a path without a file and for what could not be read.
  const SourceFile* open_if_there(const std::string& path);

  const io::Tree& tree_;
  std::map<std::string, std::unique_ptr<SourceFile>, std::less<>> files_{};
  std::set<std::string, std::less<>> missing_{};
  std::vector<Error> warnings_{};
};

// `./a//b.py` -> `a/b.py`; nothing for a path that is absolute or leads out of the root.
std::optional<std::string> clean_path(std::string_view path);

}  // namespace cogbuild::schema
