#include <cogbuild/syntax/expressions.hpp>
#include <cogbuild/syntax/imports.hpp>

#include <algorithm>
#include <utility>

namespace cogbuild::syntax {
namespace {

std::string first_part(std::string_view dotted) {
  return std::string(dotted.substr(0, dotted.find('.')));
}

// Name and alias of one item: `a.b` or `a.b as c`.
struct Item {
  std::string name{};
  std::string alias{};
};
Item read_item(const Node& node) {
  if (node.is("aliased_import"))
    return {std::string(node.field("name").text()), std::string(node.field("alias").text())};
  return {std::string(node.text()), {}};
}

void add_import(const Node& statement, bool top_level, std::vector<Import>& out) {
  for (const Node& child : statement.named_children()) {
    if (child.is("comment")) continue;
    Item item = read_item(child);
    std::string local = item.alias.empty() ? first_part(item.name) : std::move(item.alias);
    out.push_back({std::move(local), std::move(item.name), {}, statement, top_level});
  }
}

void add_import_from(const Node& statement, bool top_level, std::vector<Import>& out) {
  const Node module = statement.field("module_name");
  for (const Node& child : statement.named_children()) {
    if (child == module || child.is("comment")) continue;
    if (child.is("wildcard_import")) {
      out.push_back({"*", std::string(module.text()), "*", statement, top_level});
      continue;
    }
    Item item = read_item(child);
    std::string local = item.alias.empty() ? item.name : std::move(item.alias);
    out.push_back(
        {std::move(local), std::string(module.text()), std::move(item.name), statement, top_level});
  }
}

bool is_blank(char letter) { return letter == ' ' || letter == '\t'; }

std::string_view skip_blanks(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  return text;
}

bool takes_word(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word) || text.size() == word.size() || !is_blank(text[word.size()]))
    return false;
  text = skip_blanks(text.substr(word.size()));
  return true;
}

bool is_name_byte(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9') || letter == '_' ||
         static_cast<unsigned char>(letter) >= 0x80;
}

void add_name(std::string_view text, std::vector<std::string>& out) {
  std::size_t size = 0;
  while (size < text.size() && is_name_byte(text[size])) ++size;
  if (size > 0) out.emplace_back(text.substr(0, size));
}

void add_line(std::string_view line, std::vector<std::string>& out) {
  line = skip_blanks(line);
  if (takes_word(line, "from")) {
    if (line.find("import") != std::string_view::npos) add_name(line, out);
    return;
  }
  if (!takes_word(line, "import")) return;
  line = line.substr(0, line.find('#'));
  while (!line.empty()) {
    add_name(line, out);
    const std::size_t comma = line.find(',');
    line =
        comma == std::string_view::npos ? std::string_view() : skip_blanks(line.substr(comma + 1));
  }
}

}  // namespace

std::vector<Import> imports(const Module& module) {
  std::vector<Import> out;
  walk(module.root(), [&](const Node& node) {
    const bool plain = node.is("import_statement");
    if (!plain && !node.is("import_from_statement")) return true;
    const bool top_level = node.parent().is("module");
    if (plain)
      add_import(node, top_level, out);
    else
      add_import_from(node, top_level, out);
    return false;
  });
  return out;
}

Names::Names(const std::vector<Import>& imports) {
  for (const Import& item : imports) {
    if (item.local == "*") continue;
    std::string full = item.module;
    if (!item.original.empty()) {
      full += full.ends_with('.') ? "" : ".";
      full += item.original;
    } else if (item.local == first_part(item.module)) {
      full = item.local;
    }
    full_names_.insert_or_assign(item.local, std::move(full));
  }
}

std::string Names::resolve(const Node& expression) const {
  std::string name = dotted_name(expression);
  const std::size_t dot = name.find('.');
  const auto found = full_names_.find(std::string_view(name).substr(0, dot));
  if (found == full_names_.end()) return name;
  return dot == std::string::npos ? found->second : found->second + name.substr(dot);
}

std::vector<std::string> imported_packages(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    add_line(text.substr(0, end), out);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace cogbuild::syntax
