#include "models.hpp"

#include "model_class.hpp"

#include <algorithm>
#include <utility>

namespace cogbuild::schema {
namespace {

void add_field(ModelField field, std::vector<ModelField>& fields) {
  const auto same = std::find_if(fields.begin(), fields.end(),
                                 [&](const ModelField& other) { return other.name == field.name; });
  if (same == fields.end())
    fields.push_back(std::move(field));
  else
    *same = std::move(field);
}

// `types.Output` behind `types`: `Output`; nothing for another name.
std::optional<std::string> behind(const std::string& name, const std::string& qualifier) {
  if (name.size() <= qualifier.size() || !name.starts_with(qualifier) ||
      name[qualifier.size()] != '.')
    return std::nullopt;
  return name.substr(qualifier.size() + 1);
}

// Whether the imported name is one of the module's, and not a module itself.
bool is_name_of_module(const Origin& origin, bool by_submodule) {
  return !by_submodule && !origin.is_module() && origin.module != ".";
}

}  // namespace

const Model* Models::find(const SourceFile& from, const std::string& name, Reading reading) {
  return find_in(from, name, reading, true);
}

const Model* Models::find_in(const SourceFile& file, const std::string& name, Reading reading,
                             bool root) {
  const auto [at, is_new] = found_.try_emplace({&file, name, reading, root}, nullptr);
  if (!is_new) return at->second;
  const Model* model = search(file, name, reading, root);
  at->second = model;  // a map's iterators live on
  return model;
}

const Model* Models::search(const SourceFile& file, const std::string& name, Reading reading,
                            bool root) {
  const Model* model = own(file, name, reading);
  // In an imported file Cog lets an import win over a class of the same name.
  if (model != nullptr && (root || reading == Reading::as_python)) return model;
  return search_imports(file, name, reading, model);
}

const Model* Models::search_imports(const SourceFile& file, const std::string& name,
                                    Reading reading, const Model* found) {
  for (const ImportedName& import : file.imports.in_order()) {
    const auto [target, by_submodule] = files_.find_imported(file, import.origin, reading);
    if (target == nullptr) continue;
    if (const auto rest = behind(name, import.local))
      if (const Model* model = find_in(*target, *rest, reading, false)) found = model;
    if (!is_name_of_module(import.origin, by_submodule)) continue;
    if (import.local == name)
      if (const Model* model = find_in(*target, import.origin.original, reading, false))
        found = model;
    if (found == nullptr) found = find_in(*target, name, reading, false);
  }
  if (reading == Reading::as_cog) return found;
  for (const std::string& module : file.imports.stars()) {
    if (found != nullptr) break;
    if (const SourceFile* target = files_.find_module(file, module, reading))
      found = find_in(*target, name, reading, false);
  }
  return found;
}

const Model* Models::own(const SourceFile& file, const std::string& name, Reading reading) {
  const auto [at, is_new] = own_.try_emplace({&file, name, reading, true}, std::nullopt);
  if (!is_new) return at->second ? &*at->second : nullptr;
  const auto classes = file.classes.find(name);
  if (classes == file.classes.end()) return nullptr;
  for (auto node = classes->second.rbegin(); node != classes->second.rend(); ++node) {
    std::optional<Model> model = read_class(file, *node, reading);
    if (!model) continue;
    at->second = std::move(model);
    return &*at->second;
  }
  return nullptr;
}

std::optional<Model> Models::read_class(const SourceFile& file, const syntax::Node& definition,
                                        Reading reading) {
  const BaseClasses bases = base_classes(definition, file.imports);
  Model out{.file = &file, .definition = definition, .typed_dict = bases.typed_dict};
  std::vector<const Model*> parents;
  for (const std::string& name : bases.others) {
    const bool dictionary = is_typed_dict(file, name, reading);
    if (!dictionary && reading == Reading::as_cog) continue;
    const Model* parent = find_in(file, name, reading, true);
    out.typed_dict = out.typed_dict || dictionary;
    if (parent != nullptr) parents.push_back(parent);
  }
  if (!out.typed_dict && !bases.base_model && parents.empty()) return std::nullopt;
  std::vector<ModelField> own =
      own_fields(definition, file.imports, bases, out.typed_dict, reading);
  // Of a BaseModel that is also a TypedDict Cog takes the parents' fields, as of any TypedDict.
  for (const Model* parent : parents)
    for (const ModelField& field : parent->fields) add_field(field, out.fields);
  for (ModelField& field : own) add_field(std::move(field), out.fields);
  return out;
}

bool Models::is_typed_dict(const SourceFile& from, const std::string& name, Reading reading) {
  const auto [at, is_new] = typed_dicts_.try_emplace({&from, name, reading, true}, false);
  if (!is_new) return at->second;
  const bool answer = search_typed_dict(from, name, reading);
  at->second = answer;
  return answer;
}

bool Models::search_typed_dict(const SourceFile& file, const std::string& name, Reading reading) {
  if (const Model* model = own(file, name, reading))
    if (model->typed_dict) return true;
  for (const ImportedName& import : file.imports.in_order()) {
    const auto rest = behind(name, import.local);
    if (!rest && import.local != name) continue;
    const auto [target, by_submodule] = files_.find_imported(file, import.origin, reading);
    if (target == nullptr) continue;
    if (rest && is_typed_dict(*target, *rest, reading)) return true;
    if (import.local == name && is_name_of_module(import.origin, by_submodule) &&
        is_typed_dict(*target, import.origin.original, reading))
      return true;
  }
  if (reading == Reading::as_cog) return false;
  for (const std::string& module : file.imports.stars())
    if (const SourceFile* target = files_.find_module(file, module, reading))
      if (is_typed_dict(*target, name, reading)) return true;
  return false;
}

}  // namespace cogbuild::schema
