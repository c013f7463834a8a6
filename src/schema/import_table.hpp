#pragma once

#include <cogbuild/syntax/module.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::schema {

// What a name of a file stands for. `from m import x as y` makes `y` of {m, x}; `import a.b` makes
// the name `a.b` (with its dot) of {a.b, a.b}.
struct Origin {
  std::string module{};  // dots of a relative import in front
  std::string original{};

  [[nodiscard]] bool is_module() const { return module == original; }
  [[nodiscard]] bool is_typing() const {
    return module == "typing" || module == "typing_extensions";
  }
};

struct ImportedName {
  std::string local{};
  Origin origin{};
};

// The names that the import statements at the top level of a file bind, and the built-in types.
class ImportTable {
 public:
  ImportTable();  // of an empty file
  explicit ImportTable(const syntax::Module& module);

  [[nodiscard]] const Origin* find(std::string_view local) const;
  // Its place in in_order().
  [[nodiscard]] std::optional<std::size_t> place(std::string_view local) const;
  // In the order in which they were first bound.
  [[nodiscard]] const std::vector<ImportedName>& in_order() const { return names_; }
  // The modules of `from m import *`.
  [[nodiscard]] const std::vector<std::string>& stars() const { return stars_; }
  void bind(std::string local, Origin origin);

 private:
  void bind_builtins();

  void bind_from(const syntax::Node& statement);

  std::vector<ImportedName> names_{};
  std::vector<std::string> stars_{};
  std::map<std::string, std::size_t, std::less<>> index_{};
};

// `t.Optional` taken apart at its first dot: the name behind it, and what stands before it. An
// unknown qualifier still qualifies, with an empty origin.
struct QualifiedName {
  std::string name{};
  Origin origin{};
};
// Nothing for a name without a dot.
bool split_qualified(std::string_view name, const ImportTable& imports, QualifiedName& out);

}  // namespace cogbuild::schema
