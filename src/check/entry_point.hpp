#pragma once

#include <cogbuild/check/subject.hpp>
#include <cogbuild/config/located.hpp>
#include <cogbuild/syntax/module.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::check {

// What `file.py:Name` of cog.yaml names, as far as the file of that name shows it.
struct EntryPoint {
  std::string path{};  // relative to the project's root, in normal form
  std::string name{};
  const PythonFile* file = nullptr;  // nothing where it is not in the image or cannot be read
  syntax::Node class_node{};         // of that name at the top level of the file
  syntax::Node function_node{};      // the same for a function
};

// Nothing for an empty reference and one that is not `file.py:Name`.
std::optional<EntryPoint> entry_point(const Subject& subject,
                                      const config::Located<std::string>& reference);

// Those of `run` and `train` that have a file; each file once.
std::vector<EntryPoint> entry_points(const Subject& subject);

// The methods of a class body itself that have this name, in their order.
std::vector<syntax::Node> methods(const syntax::Node& class_node, std::string_view name);

// Whether a method has `@cog.input` above it, the form of a Cog before 0.1.
bool has_old_decorators(const EntryPoint& entry);

// Names of the classes and functions at the top level.
std::vector<std::string> top_level_names(const syntax::Module& module);

}  // namespace cogbuild::check
