#include "import_edits.hpp"

#include "source_offset.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

namespace cogbuild::check {
namespace {

using syntax::Node;

std::vector<Node> items_of(const Node& statement) {
  const Node module = statement.field("module_name");
  std::vector<Node> out = statement.named_children();
  std::erase_if(out, [&](const Node& node) { return node == module || node.is("comment"); });
  return out;
}

std::string_view name_of(const Node& item) {
  return item.is("aliased_import") ? item.field("name").text() : item.text();
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

std::optional<Edit> drop_statement(const Node& statement) {
  const std::string_view text = statement.module().text();
  const std::size_t begin = line_begin(text, statement.begin());
  const std::size_t end = line_end(text, statement.end());
  const std::string_view behind = text.substr(statement.end(), end - statement.end());
  const std::size_t rest = behind.find_first_not_of(" \t\r\n");
  const bool alone = is_blank(text.substr(begin, statement.begin() - begin)) &&
                     (rest == std::string_view::npos || behind[rest] == '#');
  const Node block = statement.parent();
  if (!alone || (!block.is("module") && block.named_children().size() < 2)) return std::nullopt;
  return Edit{.file = statement.module().file(), .begin = begin, .end = end};
}

std::optional<std::vector<Edit>> drop_imported_names(const Node& statement,
                                                     const std::vector<std::string_view>& names) {
  const auto items = items_of(statement);
  const std::string_view text = statement.module().text();
  std::vector<Edit> out;
  const Node* last_kept = nullptr;
  std::size_t dropped = 0;
  const auto remove = [&](std::size_t begin, std::size_t end) {
    out.push_back({.file = statement.module().file(), .begin = begin, .end = end});
    return text.substr(begin, end - begin).find('#') == std::string_view::npos;
  };
  const auto goes = [&](const Node& item) {
    return std::find(names.begin(), names.end(), name_of(item)) != names.end();
  };
  for (auto item = items.begin(); item != items.end(); ++item) {
    if (!goes(*item)) {
      last_kept = &*item;
      continue;
    }
    ++dropped;
    const bool is_followed = std::any_of(item + 1, items.end(), std::not_fn(goes));
    if (is_followed && !remove(item->begin(), (item + 1)->begin())) return std::nullopt;
  }
  if (dropped == 0) return std::nullopt;
  if (last_kept == nullptr) {
    auto edit = drop_statement(statement);
    if (!edit) return std::nullopt;
    return std::vector{*std::move(edit)};
  }
  // The comma behind the last name, of a list in parentheses, stays.
  if (last_kept != &items.back() && !remove(last_kept->end(), items.back().end()))
    return std::nullopt;
  return out;
}

std::optional<Edit> add_imported_name(const Node& statement, std::string_view item) {
  const auto items = items_of(statement);
  if (items.empty() || items.back().is("wildcard_import")) return std::nullopt;
  const std::size_t at = items.back().end();
  return Edit{
      .file = statement.module().file(), .begin = at, .end = at, .text = ", " + std::string(item)};
}

}  // namespace cogbuild::check
