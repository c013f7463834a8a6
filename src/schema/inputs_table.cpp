#include "input_words.hpp"
#include "json_literal.hpp"

#include <cogbuild/error/printable.hpp>
#include <cogbuild/schema/inputs_table.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace cogbuild::schema {

namespace {

constexpr std::size_t kFewestColumns = 60;
constexpr std::size_t kWidestDefault = 24;
constexpr std::size_t kGap = 2;

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, begins_character));
}

// Line breaks and control characters would tear a table.
std::string one_line(std::string_view text) {
  std::string made;
  for (const char c : text) {
    const bool blank = static_cast<unsigned char>(c) <= ' ' || c == '\x7f';
    if (blank && (made.empty() || made.back() == ' ')) continue;
    made += blank ? ' ' : c;
  }
  while (made.ends_with(' ')) made.pop_back();
  return printable(made);
}

std::string shortened(std::string text, std::size_t most) {
  if (width(text) <= most) return text;
  std::size_t end = 0;
  for (std::size_t characters = 0; end != text.size(); ++end)
    if (begins_character(text[end]) && ++characters == most) break;
  return text.substr(0, end) + "…";
}

// GitHub Actions takes a line that begins with `::` for a command.
std::string line_begin(std::string_view word) {
  return (word.starts_with("::") ? "\\" : "") + std::string(word);
}

std::vector<std::string> wrapped(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    if (lines.empty() || width(lines.back()) + 1 + width(word) > columns)
      lines.push_back(line_begin(word));
    else
      lines.back().append(" ").append(word);
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return lines;
}

struct Row {
  std::array<std::string, 3> cells{};  // name, type, default
  std::vector<std::string> rest{};     // paragraphs: description, limits
};

Row row_of(const Input& input) {
  Row row{.cells = {input.name, words_of(input.type),
                    shortened(one_line(default_words(input)), kWidestDefault)},
          .rest = {}};
  if (input.description && !one_line(*input.description).empty())
    row.rest.push_back(one_line(*input.description));
  if (const auto limits = limit_words(input); !limits.empty())
    row.rest.push_back(one_line(fmt::format("{}", fmt::join(limits, "; "))));
  return row;
}

void write_row(const Row& row, const std::array<std::size_t, 3>& widths, std::size_t columns,
               std::string& out) {
  std::string line;
  std::size_t indent = 0;
  for (std::size_t i = 0; i != widths.size(); ++i) {
    indent += widths[i] + kGap;
    line += row.cells[i] + std::string(widths[i] + kGap - width(row.cells[i]), ' ');
  }
  // Where names and types leave too little room, the rest goes below them.
  const bool beside = indent + 30 <= columns;
  if (!beside) indent = 4;
  bool first = beside;
  const auto end_line = [&] {
    while (line.ends_with(' ')) line.pop_back();
    out += line + "\n";
  };
  if (!beside) end_line();
  for (const auto& paragraph : row.rest)
    for (const auto& words : wrapped(paragraph, columns - indent)) {
      if (!std::exchange(first, false)) line = std::string(indent, ' ');
      line += words;
      end_line();
    }
  if (first) end_line();
}

std::string escaped(std::string_view text) {
  std::string made;
  for (const char c : text) {
    if (c == '&')
      made += "&amp;";
    else if (c == '<')
      made += "&lt;";
    else
      made +=
          std::string(std::string_view("\\`*_[]|~").find(c) == std::string_view::npos ? "" : "\\") +
          c;
  }
  return made;
}

// A code span, in which a bar still ends the cell and a backtick the span.
std::string code(std::string_view text) {
  std::string made;
  for (const char c : text) made += c == '|' ? std::string("\\|") : std::string(1, c);
  return made.find('`') == std::string::npos ? "`" + made + "`" : "`` " + made + " ``";
}

}  // namespace

std::string inputs_as_text(const Signature& signature, std::size_t columns) {
  columns = std::max(columns, kFewestColumns);
  std::string out;
  if (!signature.docstring.empty()) {
    for (const auto& line : wrapped(one_line(signature.docstring), columns)) out += line + "\n";
    out += "\n";
  }
  std::vector<Row> rows{{.cells = {"INPUT", "TYPE", "DEFAULT"}, .rest = {"DESCRIPTION"}}};
  for (const auto& input : signature.inputs) rows.push_back(row_of(input));
  if (rows.size() == 1) return out + "no inputs\n\nOutput: " + words_of(signature.output) + "\n";
  std::array<std::size_t, 3> widths{};
  for (const auto& row : rows)
    for (std::size_t i = 0; i != widths.size(); ++i)
      widths[i] = std::max(widths[i], width(row.cells[i]));
  for (const auto& row : rows) write_row(row, widths, columns, out);
  out += "\n";
  const auto output = wrapped("Output: " + words_of(signature.output), columns);
  return out + fmt::format("{}\n", fmt::join(output, "\n"));
}

std::string inputs_as_markdown(const Signature& signature) {
  std::string out;
  if (!signature.inputs.empty()) {
    out += "| Input | Type | Default | Values | Description |\n| --- | --- | --- | --- | --- |\n";
    for (const auto& input : signature.inputs) {
      const auto initial = one_line(default_words(input));
      out += fmt::format("| {} | {} | {} | {} | {} |\n", code(input.name), words_of(input.type),
                         input.is_required() ? "**required**"
                         : initial.empty()   ? ""
                                             : code(initial),
                         escaped(one_line(fmt::format("{}", fmt::join(limit_words(input), "; ")))),
                         escaped(one_line(input.description.value_or(""))));
    }
    out += "\n";
  }
  return out + "**Output:** " + escaped(words_of(signature.output)) + "\n";
}

std::string inputs_as_json(const Signature& signature) {
  Json::List rows;
  for (const auto& input : signature.inputs) {
    Json::Object row{.members = {}, .keys = Json::Keys::kept};
    row.set("name", input.name);
    row.set("type", words_of(input.type));
    row.set("required", input.is_required());
    if (input.is_nullable()) row.set("nullable", true);
    if (!input.is_required() && input.default_value)
      row.set("default", to_json(*input.default_value));
    if (input.description) row.set("description", *input.description);
    if (!input.choices.empty()) row.set("choices", to_json(Literal{input.choices}));
    if (input.minimum) row.set("minimum", *input.minimum);
    if (input.maximum) row.set("maximum", *input.maximum);
    if (input.min_length) row.set("min_length", *input.min_length);
    if (input.max_length) row.set("max_length", *input.max_length);
    if (input.pattern) row.set("pattern", *input.pattern);
    if (input.accept) row.set("accept", *input.accept);
    if (input.deprecated.value_or(false)) row.set("deprecated", true);
    rows.emplace_back(std::move(row));
  }
  return write_indented(rows);
}

}  // namespace cogbuild::schema
