#pragma once

#include <cogbuild/syntax/module.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace cogbuild::schema {

// A type as an annotation writes it: `str`, `t.Path` (a name); `list[int]` (generic: the name in
// front, the arguments); `int | None` (one_of). Strings are read as what they quote.
struct Annotation {
  enum class Form { name, generic, one_of };
  Form form = Form::name;
  std::string name{};  // empty for one_of
  std::vector<Annotation> arguments{};
  std::size_t offset = 0;  // in the source, where it begins

  [[nodiscard]] bool is_name(std::string_view text) const {
    return form == Form::name && name == text;
  }
};

// Reads what stands behind `:` or `->`. Nothing for what Cog does not take for a type: a call, a
// number, a comment between the brackets, an `Annotated` whose metadata is more than names.
std::optional<Annotation> read_annotation(const syntax::Node& node);

// The same with everything that Python takes: comments, any metadata, parentheses.
std::optional<Annotation> read_annotation_freely(const syntax::Node& node);

// `Optional[X]`, `Union[X, None]`, `X | None` by these names: X, else null.
const Annotation* unwrap_optional(const Annotation& annotation);

}  // namespace cogbuild::schema
