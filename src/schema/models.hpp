#pragma once

#include "annotations.hpp"
#include "source_files.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace cogbuild::schema {

struct ModelField {
  std::string name{};
  Annotation type{};
  bool has_default = false;
  std::optional<bool> key_required{};  // of a TypedDict: whether its key must be there
};

// A class of named fields: a BaseModel or a TypedDict.
struct Model {
  const SourceFile* file = nullptr;
  syntax::Node definition{};
  bool typed_dict = false;
  std::vector<ModelField> fields{};  // a name may come twice: the later one counts
};

// The models that the names of a file reach.
class Models {
 public:
  explicit Models(ProjectFiles& files) : files_(files) {}

  // What `name` (`Output`, `types.Output`) means in `from`; null where it is no model. As Cog
  // reads, importing one name of a project's file makes all its models known.
  const Model* find(const SourceFile& from, const std::string& name, Reading reading);
  // As Cog reads, only a TypedDict imported by its own name counts.
  bool is_typed_dict(const SourceFile& from, const std::string& name, Reading reading);

 private:
  using Key = std::tuple<const SourceFile*, std::string, Reading, bool>;

  const Model* find_in(const SourceFile& file, const std::string& name, Reading reading, bool root);
  const Model* search(const SourceFile& file, const std::string& name, Reading reading, bool root);
  const Model* search_imports(const SourceFile& file, const std::string& name, Reading reading,
                              const Model* found);
  const Model* own(const SourceFile& file, const std::string& name, Reading reading);
  std::optional<Model> read_class(const SourceFile& file, const syntax::Node& definition,
                                  Reading reading);
  bool search_typed_dict(const SourceFile& file, const std::string& name, Reading reading);

  ProjectFiles& files_;
  std::map<Key, const Model*> found_{};  // null while it is looked for
  std::map<Key, std::optional<Model>> own_{};
  std::map<Key, bool> typed_dicts_{};
};

}  // namespace cogbuild::schema
