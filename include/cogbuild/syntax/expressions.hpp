#pragma once

#include <cogbuild/syntax/module.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::syntax {

// A string as written: no escape is processed.
struct StringLiteral {
  std::string_view text{};    // between the quotes
  bool interpolated = false;  // f"…"
  bool bytes = false;         // b"…"
  bool raw = false;           // r"…"
};
// Of a `string` node; nothing for other nodes (a `concatenated_string` is not one string).
std::optional<StringLiteral> string_literal(const Node& node);

// `a.b.c` of an identifier or a chain of attributes; empty for anything else.
std::string dotted_name(const Node& node);

// The arguments of a `call`.
struct Argument {
  std::string_view name{};  // of a keyword argument, else empty
  Node value{};
  Node node{};  // the whole argument
};
// In their order; comments and splats (`*a`, `**k`) are left out.
std::vector<Argument> arguments(const Node& call);
// The value of one keyword argument; no node where it is absent.
Node keyword_argument(const Node& call, std::string_view name);

// The definition itself of a `class_definition` or `function_definition`, or of one below
// decorators; no node for anything else.
Node class_definition(const Node& statement);
Node function_definition(const Node& statement);
// What stands above a definition: the expressions after `@`, top first.
std::vector<Node> decorators(const Node& definition);

}  // namespace cogbuild::syntax
