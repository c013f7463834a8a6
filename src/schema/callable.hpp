#pragma once

#include "faults.hpp"
#include "source_files.hpp"

#include <cogbuild/schema/signature.hpp>

#include <string>

namespace cogbuild::schema {

// The function that a reference means, and where it stands.
struct Callable {
  const SourceFile* file = nullptr;  // of the function: a base class may come from another one
  syntax::Node function{};
  syntax::Node class_definition{};  // named by the reference; no node for a function
};

// Looks for `name` in `file` (spec/cog.md 5.1): a class with a method `run` or `predict` (`train`)
// of its own or of its bases, else a function of that name, else one named `predict` (`train`).
// `warnings` tells of a deprecated name and of what the library will refuse. Error: config.
Result<Callable> find_callable(const SourceFile& file, const std::string& name, Mode mode,
                               ProjectFiles& files, std::vector<Error>& warnings);

}  // namespace cogbuild::schema
