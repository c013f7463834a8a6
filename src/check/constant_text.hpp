#pragma once

#include <cogbuild/syntax/module.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::check {

// What can be told of a string without running anything.
struct KnownText {
  std::string text{};     // all of it, or its beginning
  bool complete = false;  // nothing is missing at the end
  bool one_of = false;    // the first of several that the program chooses from
};

// What the names of a file are assigned to, and the texts that follow from it: literals, f-strings,
// `a + b`, `os.path.join`, defaults of `os.environ.get`, the first item of a list or dictionary
// that is looped over or indexed. A value that a program changes later is not seen.
class ConstantTexts {
 public:
  explicit ConstantTexts(const syntax::Module& module);

  [[nodiscard]] KnownText of(const syntax::Node& expression) const { return of(expression, 0); }
  // The expression that a name stands for where it is used; no node for a parameter, and for what
  // is not assigned in this file. Other expressions stand for themselves.
  [[nodiscard]] syntax::Node value_of(const syntax::Node& expression) const;
  // The parameter that an expression names: its place among the parameters of the function around
  // it, `self` counted.
  struct Parameter {
    syntax::Node function{};  // function_definition; no node: not a parameter
    std::size_t index = 0;
    std::string name{};
  };
  [[nodiscard]] Parameter parameter_of(const syntax::Node& expression) const;

 private:
  struct Assignment {
    std::size_t scope = 0;  // where the function around it begins, plus one; 0: none
    std::size_t begin = 0;
    syntax::Node value{};
    bool one_of = false;  // an item of the value
  };

  [[nodiscard]] KnownText of(const syntax::Node& expression, int depth) const;
  [[nodiscard]] KnownText of_string(const syntax::Node& string, int depth) const;
  [[nodiscard]] KnownText of_call(const syntax::Node& call, int depth) const;
  [[nodiscard]] KnownText first_item_of(const syntax::Node& collection, int depth) const;
  [[nodiscard]] const Assignment* find(const syntax::Node& use) const;
  void add(const syntax::Node& target, const syntax::Node& value, std::size_t scope, bool one_of);

  std::map<std::string, std::vector<Assignment>, std::less<>> assignments_{};
};

// The function around a node; no node at the module's level.
syntax::Node function_around(const syntax::Node& node);

// Whether a node stands below `if __name__ == "__main__":`.
bool is_in_main_guard(const syntax::Node& node);

}  // namespace cogbuild::check
