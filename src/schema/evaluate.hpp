#pragma once

#include "source_files.hpp"

#include <cogbuild/schema/signature.hpp>

#include <optional>
#include <string_view>

namespace cogbuild::schema {

// Finds the values of expressions that Cog's generator gives up on and Python knows: names and
// attributes of other files of the project, `list(…)`, `sorted(…)`, sums, comments within lists.
// Whatever would need more than looking up gives nothing. Strings keep their escapes, as all do.
class Evaluator {
 public:
  explicit Evaluator(ProjectFiles& files) : files_(files) {}

  std::optional<Literal> value(const syntax::Node& node, const SourceFile& file);
  // The elements of a list, a tuple, a set, or the keys of a dict.
  std::optional<Literal::List> elements(const syntax::Node& node, const SourceFile& file);

  // Where a name or an attribute (`A`, `module.A`, `Class.A`) was assigned; the file is null where
  // nothing is found.
  struct Place {
    const SourceFile* file = nullptr;
    syntax::Node node{};
  };
  Place assignment(const syntax::Node& name, const SourceFile& file);
  // Where the function is defined that `f`, `module.f` or `Class.f` names.
  Place function(const syntax::Node& name, const SourceFile& file);

 private:
  Place named_function(std::string_view name, const SourceFile& file, int depth);
  std::optional<Literal> compute(const syntax::Node& node, const SourceFile& file, int depth);
  std::optional<Literal> compute_call(const syntax::Node& call, const SourceFile& file, int depth);
  std::optional<Literal> compute_sum(const syntax::Node& sum, const SourceFile& file, int depth);
  std::optional<Literal> compute_items(const syntax::Node& node, const SourceFile& file, int depth);
  std::optional<Literal> compute_pairs(const syntax::Node& node, const SourceFile& file, int depth);
  Place assigned_name(std::string_view name, const SourceFile& file, int depth);
  Place assigned_attribute(const syntax::Node& node, const SourceFile& file, int depth);

  ProjectFiles& files_;
  std::size_t steps_ = 0;  // of all that was ever computed
};

}  // namespace cogbuild::schema
