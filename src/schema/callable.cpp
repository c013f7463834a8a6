#include "callable.hpp"

#include <cogbuild/syntax/expressions.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>
#include <utility>

namespace cogbuild::schema {
namespace {

using syntax::Node;

constexpr int kMaxDepth = 100;

struct Method {
  const SourceFile* file = nullptr;
  Node function{};
};

// The methods of one class and its bases that a model may be called by.
struct Methods {
  Method run{};
  Method predict{};
  Method train{};
};

void take_if_free(Method& place, const Method& method) {
  if (!place.function) place = method;
}

class Search {
 public:
  Search(ProjectFiles& files, Reading reading) : files_(files), reading_(reading) {}

  Methods methods(const SourceFile& file, const Node& definition, std::string_view name,
                  int depth) {
    Methods out;
    // Cog knows a class by its file and name, so that a class named twice is read once.
    if (depth > kMaxDepth || !seen_.emplace(&file, name).second) return out;
    for (const Node& statement : definition.field("body").named_children()) {
      const Node function = syntax::function_definition(statement);
      const std::string_view method = function.field("name").text();
      if (method == "run") out.run = {&file, function};
      if (method == "predict") out.predict = {&file, function};
      if (method == "train") take_if_free(out.train, {&file, function});
    }
    for (const Node& base : definition.field("superclasses").named_children()) {
      if (!base.is("identifier") && !base.is("attribute")) continue;
      const auto [parent_file, parent, parent_name] = find_base(file, std::string(base.text()));
      if (!parent) continue;
      const Methods inherited = methods(*parent_file, parent, parent_name, depth + 1);
      take_if_free(out.run, inherited.run);
      take_if_free(out.predict, inherited.predict);
      take_if_free(out.train, inherited.train);
    }
    return out;
  }

 private:
  struct Base {
    const SourceFile* file = nullptr;
    Node definition{};
    std::string name{};
  };

  Base find_base(const SourceFile& file, const std::string& name) {
    if (const Node here = file.first_class(name)) return {&file, here, name};
    Base found = find_imported_base(file, name, Reading::as_cog);
    if (found.definition || reading_ == Reading::as_cog) return found;
    return find_imported_base(file, name, reading_);
  }

  Base find_imported_base(const SourceFile& file, const std::string& name, Reading reading) {
    QualifiedName qualified;
    std::string class_name;
    const Origin* origin = nullptr;
    Origin of_qualifier;
    if (split_qualified(name, file.imports, qualified)) {
      of_qualifier = qualified.origin;
      origin = &of_qualifier;
      class_name = qualified.name;
    } else {
      origin = file.imports.find(name);
      if (origin != nullptr) class_name = origin->original;
    }
    if (origin != nullptr) {
      const auto imported = files_.find_imported(file, *origin, reading);
      if (imported.file != nullptr)
        return {imported.file, imported.file->first_class(class_name), class_name};
    }
    if (reading == Reading::as_cog) return {};
    return find_starred_base(file, name);
  }

  Base find_starred_base(const SourceFile& file, const std::string& name) {
    for (const std::string& module : file.imports.stars())
      if (const SourceFile* target = files_.find_module(file, module, Reading::as_python))
        if (const Node definition = target->first_class(name)) return {target, definition, name};
    return {};
  }

  ProjectFiles& files_;
  Reading reading_;
  std::set<std::pair<const SourceFile*, std::string>> seen_{};
};

bool is_found(const Methods& methods, Mode mode) {
  if (mode == Mode::train) return bool(methods.train.function);
  return methods.run.function || methods.predict.function;
}

Error no_method(const Node& definition, std::string_view name, Mode mode) {
  const Error error =
      Error(ErrorKind::config, fmt::format("the class `{}` has no method `{}`", name,
                                           mode == Mode::train ? "train" : "run"))
          .at(definition.field("name").location());
  return Error(error).hint(mode == Mode::train ? "add `def train(self, …) -> …:` to it"
                                               : "add `def run(self, …) -> …:` to it");
}

Result<Callable> method_of(const SourceFile& file, const Node& definition, const std::string& name,
                           Mode mode, ProjectFiles& files, std::vector<Error>& warnings) {
  // Bases that Cog does not find count only where it finds no method at all.
  Methods methods = Search(files, Reading::as_cog).methods(file, definition, name, 0);
  if (!is_found(methods, mode))
    methods = Search(files, Reading::as_python).methods(file, definition, name, 0);
  if (mode == Mode::train) {
    if (!methods.train.function) return fail(no_method(definition, name, mode));
    return Callable{methods.train.file, methods.train.function, definition};
  }
  const Method& found = methods.run.function ? methods.run : methods.predict;
  if (!found.function) return fail(no_method(definition, name, mode));
  const SourceLocation at = methods.predict.function.field("name").location();
  if (methods.run.function && methods.predict.function)
    warnings.push_back(Error(ErrorKind::config,
                             fmt::format("`{}` has both `run` and `predict`: Cog's library refuses "
                                         "it when the model starts",
                                         name))
                           .at(at)
                           .hint("keep `run`"));
  else if (methods.predict.function)
    warnings.push_back(Error(ErrorKind::config, fmt::format("`{}.predict` is deprecated", name))
                           .at(at)
                           .hint("call it `run`"));
  return Callable{found.file, found.function, definition};
}

Error not_there(const SourceFile& file, const std::string& name, Mode mode) {
  std::vector<std::string> known;
  for (const Node& statement : file.module->root().named_children()) {
    Node definition = syntax::class_definition(statement);
    if (!definition) definition = syntax::function_definition(statement);
    if (definition && known.size() < 5)
      known.emplace_back(fmt::format("`{}`", definition.field("name").text()));
  }
  Error error =
      Error(ErrorKind::config, fmt::format("`{}` has no class or function `{}`", file.path, name))
          .at(SourceLocation{.file = file.path});
  if (!known.empty())
    return std::move(error).hint(
        fmt::format("it has {}: name one of these in cog.yaml", fmt::join(known, ", ")));
  return std::move(error).hint(
      mode == Mode::train ? fmt::format("add `def {}(…) -> …:`", name)
                          : fmt::format("add `class {}(BaseRunner):` with a method `run`", name));
}

}  // namespace

Result<Callable> find_callable(const SourceFile& file, const std::string& name, Mode mode,
                               ProjectFiles& files, std::vector<Error>& warnings) {
  if (const Node definition = file.first_class(name))
    return method_of(file, definition, name, mode, files, warnings);
  if (const Node function = file.first_function(name)) return Callable{&file, function, {}};
  if (const Node function = file.first_function(mode == Mode::train ? "train" : "predict"))
    return Callable{&file, function, {}};
  return fail(not_there(file, name, mode));
}

}  // namespace cogbuild::schema
