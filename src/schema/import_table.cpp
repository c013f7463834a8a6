#include "import_table.hpp"

#include <array>
#include <utility>

namespace cogbuild::schema {
namespace {

constexpr std::array<std::string_view, 8> kBuiltins = {"str",  "int",  "float", "bool",
                                                       "list", "dict", "set",   "None"};

std::string own(std::string_view text) { return std::string(text); }

void bind_import(const syntax::Node& statement, ImportTable& table) {
  for (const syntax::Node& child : statement.named_children()) {
    if (child.is("aliased_import")) {
      const std::string module = own(child.field("name").text());
      table.bind(own(child.field("alias").text()), {module, module});
    } else if (child.is("dotted_name")) {
      table.bind(own(child.text()), {own(child.text()), own(child.text())});
    }
  }
}

}  // namespace

ImportTable::ImportTable() { bind_builtins(); }

ImportTable::ImportTable(const syntax::Module& module) {
  for (const syntax::Node& statement : module.root().named_children()) {
    if (statement.is("import_statement"))
      bind_import(statement, *this);
    else if (statement.is("import_from_statement"))
      bind_from(statement);
  }
  bind_builtins();
}

void ImportTable::bind_from(const syntax::Node& statement) {
  const syntax::Node module = statement.field("module_name");
  for (const syntax::Node& child : statement.named_children()) {
    if (child == module) continue;
    if (child.is("aliased_import"))
      bind(own(child.field("alias").text()), {own(module.text()), own(child.field("name").text())});
    else if (child.is("dotted_name"))
      bind(own(child.text()), {own(module.text()), own(child.text())});
    else if (child.is("wildcard_import"))
      stars_.push_back(own(module.text()));
  }
}

void ImportTable::bind_builtins() {
  for (const std::string_view name : kBuiltins)
    if (find(name) == nullptr) bind(own(name), {"builtins", own(name)});
}

const Origin* ImportTable::find(std::string_view local) const {
  const auto found = place(local);
  return found ? &names_[*found].origin : nullptr;
}

std::optional<std::size_t> ImportTable::place(std::string_view local) const {
  const auto found = index_.find(local);
  return found == index_.end() ? std::nullopt : std::optional(found->second);
}

void ImportTable::bind(std::string local, Origin origin) {
  const auto [at, is_new] = index_.try_emplace(local, names_.size());
  if (is_new)
    names_.push_back({std::move(local), std::move(origin)});
  else
    names_[at->second].origin = std::move(origin);
}

bool split_qualified(std::string_view name, const ImportTable& imports, QualifiedName& out) {
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos) return false;
  const Origin* origin = imports.find(name.substr(0, dot));
  out = {own(name.substr(dot + 1)), origin == nullptr ? Origin{} : *origin};
  return true;
}

}  // namespace cogbuild::schema
