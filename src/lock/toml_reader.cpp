#include "toml_reader.hpp"

#include <cogbuild/python/toml_shape.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::lock {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{64} * 1024 * 1024;
constexpr std::size_t kMaxFindings = 20;
constexpr std::size_t kMaxLineText = 200;

// The parser starts its sentences with a capital, and some hold what was read.
std::string in_our_words(std::string_view description) {
  std::string text(description);
  if (!text.empty() && text.front() >= 'A' && text.front() <= 'Z')
    text.front() = static_cast<char>(text.front() - 'A' + 'a');
  std::ranges::replace(text, '\n', ' ');
  while (!text.empty() && (text.back() == '.' || text.back() == ' ')) text.pop_back();
  return text;
}

// Line `number`, counted from 1; empty when it is too long to be shown.
std::string_view line_of(std::string_view text, std::size_t number) {
  for (std::size_t line = 1; line < number; ++line) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text.size() > kMaxLineText ? std::string_view() : text;
}

}  // namespace

Result<TomlReader> TomlReader::parse(std::string_view text, std::string file) {
  if (text.size() > kMaxBytes)
    return fail(Error(ErrorKind::config, fmt::format("{} is too large for a lock", file)));
  if (python::toml_nests_too_deeply(text))
    return fail(Error(ErrorKind::config, fmt::format("the keys of {} nest too deeply", file)));
  try {
    toml::table root = toml::parse(text);
    return TomlReader(std::move(root), text, std::move(file));
  } catch (const toml::parse_error& error) {
    const TomlReader nothing({}, text, std::move(file));
    return fail(Error(ErrorKind::config, "this is no TOML: " + in_our_words(error.description()))
                    .at(nothing.location(error.source().begin)));
  }
}

SourceLocation TomlReader::location(const toml::source_position& position) const {
  return {.file = file_,
          .line = position.line,
          .column = position.column,
          .line_text = std::string(line_of(text_, position.line))};
}

SourceLocation TomlReader::location(const toml::node& node) const {
  return location(node.source().begin);
}

void TomlReader::complain(const toml::node& node, std::string message) {
  complain(Error(ErrorKind::config, std::move(message)), node);
}

void TomlReader::complain(Error error, const toml::node& node) {
  // Each place is looked for from the start of the text.
  if (findings_.size() < kMaxFindings) findings_.push_back(std::move(error).at(location(node)));
}

Error TomlReader::findings() const {
  Error first = findings_.front();
  for (std::size_t i = 1; i < findings_.size(); ++i) first = std::move(first).also(findings_[i]);
  return first;
}

std::optional<std::string> TomlReader::text(const toml::table& table, std::string_view key) {
  const toml::node* node = table.get(key);
  if (node == nullptr) return std::nullopt;
  if (const auto* value = node->as_string()) return value->get();
  complain(*node, fmt::format("`{}` must be text", key));
  return std::nullopt;
}

std::optional<bool> TomlReader::boolean(const toml::table& table, std::string_view key) {
  const toml::node* node = table.get(key);
  if (node == nullptr) return std::nullopt;
  if (const auto* value = node->as_boolean()) return value->get();
  complain(*node, fmt::format("`{}` must be true or false", key));
  return std::nullopt;
}

std::optional<std::uint64_t> TomlReader::size(const toml::table& table, std::string_view key) {
  const toml::node* node = table.get(key);
  if (node == nullptr) return std::nullopt;
  const auto* value = node->as_integer();
  if (value != nullptr && value->get() >= 0) return static_cast<std::uint64_t>(value->get());
  complain(*node, fmt::format("`{}` must be a number of bytes", key));
  return std::nullopt;
}

std::vector<std::string> TomlReader::texts(const toml::table& table, std::string_view key) {
  const toml::node* node = table.get(key);
  if (node == nullptr) return {};
  std::vector<std::string> values;
  const auto* array = node->as_array();
  if (array == nullptr) {
    complain(*node, fmt::format("`{}` must be a list of texts", key));
    return values;
  }
  for (const toml::node& element : *array) {
    if (const auto* value = element.as_string())
      values.push_back(value->get());
    else
      complain(element, fmt::format("`{}` must hold texts alone", key));
  }
  return values;
}

const toml::table* TomlReader::table(const toml::table& table, std::string_view key) {
  const toml::node* node = table.get(key);
  if (node == nullptr) return nullptr;
  if (const auto* value = node->as_table()) return value;
  complain(*node, fmt::format("`{}` must be a table", key));
  return nullptr;
}

std::vector<const toml::table*> TomlReader::tables(const toml::table& table, std::string_view key) {
  const toml::node* node = table.get(key);
  if (node == nullptr) return {};
  std::vector<const toml::table*> values;
  const auto* array = node->as_array();
  if (array == nullptr) {
    complain(*node, fmt::format("`{}` must be a list of tables", key));
    return values;
  }
  for (const toml::node& element : *array) {
    if (const auto* value = element.as_table())
      values.push_back(value);
    else
      complain(element, fmt::format("`{}` must hold tables alone", key));
  }
  return values;
}

std::string TomlReader::required(const toml::table& table, std::string_view key,
                                 std::string_view what) {
  if (!table.contains(key)) complain(table, fmt::format("{} has no `{}`", what, key));
  return text(table, key).value_or("");
}

void TomlReader::only(const toml::table& table, const std::vector<std::string_view>& known) {
  for (const auto& [key, value] : table)
    if (std::ranges::find(known, key.str()) == known.end())
      complain(value, fmt::format("`{}` is not known here", key.str()));
}

}  // namespace cogbuild::lock
