#pragma once

#include <cogbuild/schema/signature.hpp>
#include <cogbuild/syntax/module.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::schema {

// Literals as Cog reads them, which is not quite as Python does: no escape is processed, strings
// written side by side keep the quotes between them, a prefix other than `r` makes a string
// unreadable, a comment makes a list unreadable. What cannot be read gives nothing.

std::optional<Literal> read_literal(const syntax::Node& node);
// Of any expression: what begins with a quote loses its ends.
std::optional<std::string> read_string(const syntax::Node& node);
// Of the expression's text: decimal, as Go's ParseFloat takes it. Never infinite nor NaN.
std::optional<double> read_number(const syntax::Node& node);
std::optional<bool> read_boolean(const syntax::Node& node);
std::optional<Literal::List> read_list(const syntax::Node& node);

// A length as Cog converts it (on amd64): towards zero, below zero around the end of 64 bits, and
// 2^63 for what does not fit.
std::uint64_t length_of(double number);

// What the assignments at the top level of a file say.
class Constants {
 public:
  explicit Constants(const syntax::Module& module);

  struct Constant {
    syntax::Node node{};
    Literal value{};
  };
  // The last assignment of a literal to `name`.
  [[nodiscard]] std::optional<Constant> find(std::string_view name) const;
  // The last assignment of anything; no node without one.
  [[nodiscard]] syntax::Node expression(std::string_view name) const;

 private:
  std::map<std::string, std::vector<syntax::Node>, std::less<>> assigned_{};
};

// A literal, or the name of one.
std::optional<Literal> read_default(const syntax::Node& node, const Constants& constants);
std::optional<std::string> read_text(const syntax::Node& node, const Constants& constants);
// A list, the name of a list or tuple, `list(D.keys())`, `list(D.values())`, and sums of these.
std::optional<Literal::List> read_choices(const syntax::Node& node, const Constants& constants);

}  // namespace cogbuild::schema
