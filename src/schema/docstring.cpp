#include "docstring.hpp"

#include <cogbuild/syntax/expressions.hpp>

#include <string_view>

namespace cogbuild::schema {
namespace {

using syntax::Node;

std::string_view trimmed(std::string_view line) {
  constexpr std::string_view kBlank = " \t\r\f\v";
  const std::size_t begin = line.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return line.substr(begin, line.find_last_not_of(kBlank) - begin + 1);
}

std::string first_paragraph(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = trimmed(text.substr(0, end));
    if (line.empty() && !out.empty()) break;
    if (!line.empty()) out.append(out.empty() ? "" : " ").append(line);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return out;
}

// Of a module or of the body of a class or function.
std::string docstring(const Node& block) {
  for (const Node& statement : block.named_children()) {
    if (statement.is("comment")) continue;
    const auto literal = syntax::string_literal(statement.first_named_child());
    if (!statement.is("expression_statement") || !literal || literal->interpolated ||
        literal->bytes)
      return {};
    return first_paragraph(literal->text);
  }
  return {};
}

}  // namespace

std::string first_docstring(const Callable& callable) {
  for (const Node& block : {callable.class_definition.field("body"),
                            callable.function.field("body"), callable.file->module->root()})
    if (std::string text = docstring(block); !text.empty()) return text;
  return {};
}

}  // namespace cogbuild::schema
