#pragma once

#include <cogbuild/syntax/expressions.hpp>
#include <cogbuild/syntax/module.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::check {

// The functions at the top of a file and the methods of its classes.
class FileFunctions {
 public:
  explicit FileFunctions(const syntax::Module& module);
  // What `callee` (`load`, `self.load`) calls; no node where the file has no such function or two.
  [[nodiscard]] syntax::Node find(std::string_view callee) const;

 private:
  std::map<std::string, syntax::Node, std::less<>> functions_{};
};

// The name of the parameter that each argument of a call of `function` becomes; empty: none.
std::vector<std::string> parameters_for(const syntax::Node& function, std::string_view callee,
                                        const std::vector<syntax::Argument>& arguments);

}  // namespace cogbuild::check
