#include "models.hpp"

#include "model_class.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace cogbuild::schema {
namespace {

constexpr std::size_t kMaxBases = 100;

// Fields by name: a later one takes the place of an earlier one.
class FieldList {
 public:
  void add(ModelField field) {
    const auto [at, is_new] = places_.try_emplace(field.name, fields_.size());
    if (is_new)
      fields_.push_back(std::move(field));
    else
      fields_[at->second] = std::move(field);
  }
  std::vector<ModelField> take() { return std::move(fields_); }

 private:
  std::vector<ModelField> fields_{};
  std::map<std::string, std::size_t> places_{};
};

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

const Models::Reached& Models::reached(const SourceFile& file, Reading reading) {
  const auto [at, is_new] = reached_.try_emplace({&file, reading});
  Reached& out = at->second;
  if (!is_new) return out;
  std::set<const SourceFile*> seen;
  for (const ImportedName& import : file.imports.in_order()) {
    const Imported imported = files_.find_imported(file, import.origin, reading);
    out.imported.push_back(imported);
    if (imported.file != nullptr && is_name_of_module(import.origin, imported.by_submodule) &&
        seen.insert(imported.file).second)
      out.modules.push_back(imported.file);
  }
  return out;
}

std::vector<Models::Behind> Models::behind_modules(const SourceFile& file, const std::string& name,
                                                   Reading reading) {
  std::vector<std::pair<std::size_t, Behind>> found;
  const Reached& reach = reached(file, reading);
  for (std::size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', dot + 1)) {
    const auto place = file.imports.place(std::string_view(name).substr(0, dot));
    if (place && reach.imported[*place].file != nullptr)
      found.push_back({*place, {reach.imported[*place].file, name.substr(dot + 1)}});
  }
  // For Cog a later import wins.
  std::sort(found.begin(), found.end(),
            [](const auto& left, const auto& right) { return left.first > right.first; });
  std::vector<Behind> out;
  for (auto& [place, behind] : found) out.push_back(std::move(behind));
  return out;
}

Models::Behind Models::imported_name(const SourceFile& file, const std::string& name,
                                     Reading reading) {
  const auto place = file.imports.place(name);
  if (!place) return {};
  const Origin& origin = file.imports.in_order()[*place].origin;
  const Imported imported = reached(file, reading).imported[*place];
  // For Cog an import that leads nowhere gives its other name to a model of the file itself.
  if (imported.file == nullptr && origin.original != name) return {&file, origin.original};
  if (imported.file == nullptr || !is_name_of_module(origin, imported.by_submodule)) return {};
  return {imported.file, origin.original};
}

const Model* Models::search_imports(const SourceFile& file, const std::string& name,
                                    Reading reading, const Model* found) {
  for (const Behind& behind : behind_modules(file, name, reading))
    if (const Model* model = find_in(*behind.file, behind.name, reading, false)) return model;
  if (const Behind named = imported_name(file, name, reading); named.file != nullptr)
    if (const Model* model = find_in(*named.file, named.name, reading, false)) return model;
  for (const SourceFile* module : reached(file, reading).modules) {
    if (found != nullptr) return found;
    found = find_in(*module, name, reading, false);
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
  if (open_classes_ >= kMaxBases || fields_ >= kMaxModelFields) return std::nullopt;
  const BaseClasses bases = base_classes(definition, file.imports);
  Model out{.file = &file, .definition = definition, .typed_dict = bases.typed_dict};
  std::vector<const Model*> parents;
  ++open_classes_;
  for (const std::string& name : bases.others) {
    const bool dictionary = is_typed_dict(file, name, reading);
    if (!dictionary && reading == Reading::as_cog) continue;
    // `class Output(Output)` extends what was imported by that name.
    const Model* parent = name == definition.field("name").text()
                              ? search_imports(file, name, reading, nullptr)
                              : find_in(file, name, reading, true);
    out.typed_dict = out.typed_dict || dictionary;
    if (parent != nullptr) parents.push_back(parent);
  }
  --open_classes_;
  if (!out.typed_dict && !bases.base_model && parents.empty()) return std::nullopt;
  std::vector<ModelField> own =
      own_fields(definition, file.imports, bases, out.typed_dict, reading);
  // Of a BaseModel that is also a TypedDict Cog takes the parents' fields, as of any TypedDict.
  FieldList fields;
  for (const Model* parent : parents)
    for (const ModelField& field : parent->fields) fields.add(field);
  for (ModelField& field : own) fields.add(std::move(field));
  out.fields = fields.take();
  fields_ += out.fields.size();
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
  for (const Behind& behind : behind_modules(file, name, reading))
    if (is_typed_dict(*behind.file, behind.name, reading)) return true;
  const Behind named = imported_name(file, name, reading);
  if (named.file != nullptr && is_typed_dict(*named.file, named.name, reading)) return true;
  if (reading == Reading::as_cog) return false;
  for (const std::string& module : file.imports.stars())
    if (const SourceFile* target = files_.find_module(file, module, reading))
      if (is_typed_dict(*target, name, reading)) return true;
  return false;
}

}  // namespace cogbuild::schema
