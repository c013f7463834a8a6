#pragma once

#include <cogbuild/syntax/module.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::syntax {

// One name that an import statement binds, as Python does:
//   import a.b        -> local `a`,  module `a.b`, original ``
//   import a.b as c   -> local `c`,  module `a.b`, original ``
//   from .m import x as y -> local `y`, module `.m`, original `x`
//   from m import *   -> local `*`,  module `m`,   original `*`
struct Import {
  std::string local{};
  std::string module{};    // dots of a relative import in front
  std::string original{};  // empty: the module itself
  Node node{};             // the statement
  bool top_level = false;  // outside functions, classes, `try`, `if`, …
};

// All of them, wherever they stand, in the order of the source.
std::vector<Import> imports(const Module& module);

// Local names to what they stand for, by `imports`; a later one wins.
class Names {
 public:
  explicit Names(const std::vector<Import>& imports);
  // The full dotted name of an expression (`np.array` -> `numpy.array`, with `from torch import
  // hub`: `hub.load` -> `torch.hub.load`); a name that nobody imported stays as written; empty for
  // an expression that is not a dotted name.
  [[nodiscard]] std::string resolve(const Node& expression) const;

 private:
  std::map<std::string, std::string, std::less<>> full_names_{};
};

// The top-level names of the modules a text imports (`numpy`, `PIL`; relative imports are left
// out), sorted, each once, found by its lines without parsing: what a line of a string could fake
// does no harm. Some ten times as fast as `imports`.
std::vector<std::string> imported_packages(std::string_view text);

}  // namespace cogbuild::syntax
