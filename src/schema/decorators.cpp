#include "decorators.hpp"

#include <cogbuild/syntax/expressions.hpp>

#include <limits>
#include <string_view>

namespace cogbuild::schema {
namespace {

using syntax::Node;

// Whether the expression is `name` of the cog library, by import.
bool is_of_cog(const Node& expression, std::string_view name, const ImportTable& imports) {
  const std::string_view text = expression.text();
  if (expression.is("identifier")) {
    const Origin* origin = imports.find(text);
    return origin != nullptr && origin->module == "cog" && origin->original == name;
  }
  const std::size_t dot = text.find('.');
  if (!expression.is("attribute") || text.substr(dot + 1) != name) return false;
  const Origin* origin = imports.find(text.substr(0, dot));
  return origin != nullptr && origin->module == "cog" && origin->is_module();
}

// Of `@x` and of `@x(…)`: x.
Node decorated_by(const Node& decorator) {
  return decorator.is("call") ? decorator.field("function") : decorator;
}

Error bad_concurrency(const Node& at) {
  return Error(ErrorKind::config, "the number of concurrent runs is no whole number above 0")
      .at(at.location())
      .hint("write `@cog.concurrent(max=4)`");
}

std::optional<int> concurrency(const Node& decorator, const SourceFile& file, Faults& faults) {
  const std::vector<syntax::Argument> arguments =
      decorator.is("call") ? syntax::arguments(decorator) : std::vector<syntax::Argument>();
  if (arguments.empty()) return 1;
  const syntax::Argument& only = arguments.front();
  if (arguments.size() == 1 && only.name == "max") {
    const std::optional<Literal> value = read_default(only.value, file.constants);
    const auto* number = value ? std::get_if<std::int64_t>(&value->value) : nullptr;
    if (number != nullptr && *number >= 1 && *number <= std::numeric_limits<int>::max())
      return static_cast<int>(*number);
  }
  faults.add(bad_concurrency(only.node));
  return std::nullopt;
}

bool is_iterator(const OutputType& output) {
  return output.kind == OutputType::Kind::iterator ||
         output.kind == OutputType::Kind::concatenate_iterator;
}

}  // namespace

std::optional<Error> old_style_error(const Node& function, const SourceFile& file) {
  for (const Node& decorator : syntax::decorators(function))
    if (is_of_cog(decorated_by(decorator), "input", file.imports))
      return Error(ErrorKind::config, "`@cog.input` is the form of Cog before 0.1")
          .at(decorator.location())
          .hint(
              "make each input a parameter with a type, such as `steps: int = "
              "Input(default=50, ge=1, le=500)`, and say what is returned: `-> Path`");
  return std::nullopt;
}

void read_decorators(const Node& function, const SourceFile& file, Signature& out, Faults& faults) {
  for (const Node& child : function.children()) out.asynchronous |= child.is("async");
  for (const Node& decorator : syntax::decorators(function)) {
    const Node expression = decorated_by(decorator);
    if (is_of_cog(expression, "streaming", file.imports)) {
      out.streaming = true;
      if (!is_iterator(out.output))
        faults.add(Error(ErrorKind::config, "a streaming model returns an iterator")
                       .at(decorator.location())
                       .hint("return `Iterator[…]` or `ConcatenateIterator[str]`, or take "
                             "`@streaming` away"));
    }
    if (!is_of_cog(expression, "concurrent", file.imports) || out.concurrency_max) continue;
    out.concurrency_max = concurrency(decorator, file, faults);
    if (out.concurrency_max.value_or(1) > 1 && !out.asynchronous)
      faults.add(Error(ErrorKind::config, "only an `async def` can run several at a time")
                     .at(decorator.location())
                     .hint("write `async def`, or take `max` away"));
  }
}

}  // namespace cogbuild::schema
