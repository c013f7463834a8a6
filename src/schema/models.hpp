#pragma once

#include "annotations.hpp"
#include "source_files.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace cogbuild::schema {

// Of all models of a project together; where there are more, the rest are no models.
inline constexpr std::size_t kMaxModelFields = 100'000;

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
  using Imported = ProjectFiles::Imported;

  // Where the imports of a file lead.
  struct Reached {
    std::vector<Imported> imported{};          // of each of the file's imports, in order
    std::vector<const SourceFile*> modules{};  // that names were imported from, each once
  };

  const Reached& reached(const SourceFile& file, Reading reading);
  // The module whose name `name` is, and that name: `types.Output`. Nothing for others.
  struct Behind {
    const SourceFile* file = nullptr;
    std::string name{};
  };
  std::vector<Behind> behind_modules(const SourceFile& file, const std::string& name,
                                     Reading reading);
  // The same of a name that was imported from a module.
  Behind imported_name(const SourceFile& file, const std::string& name, Reading reading);

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
  std::map<std::pair<const SourceFile*, Reading>, Reached> reached_{};
  std::size_t fields_ = 0;
  std::size_t open_classes_ = 0;
};

}  // namespace cogbuild::schema
