#include "type_scope.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace cogbuild::schema {
namespace {

constexpr auto kPrimitives =
    std::to_array<std::pair<std::string_view, Primitive>>({{"bool", Primitive::boolean},
                                                           {"float", Primitive::number},
                                                           {"int", Primitive::integer},
                                                           {"str", Primitive::string},
                                                           {"Path", Primitive::path},
                                                           {"File", Primitive::file},
                                                           {"Secret", Primitive::secret},
                                                           {"Any", Primitive::any}});

bool is_opaque(const std::string& name, const ImportTable& imports) {
  QualifiedName qualified;
  if (split_qualified(name, imports, qualified))
    return qualified.name == "Opaque" && qualified.origin.module == "cog";
  const Origin* origin = imports.find(name);
  return origin != nullptr && origin->module == "cog" && origin->original == "Opaque";
}

std::string_view typing_container(std::string_view name) {
  for (const std::string_view known : {"List", "Optional", "Union"})
    if (name == known) return known;
  return {};
}

}  // namespace

std::optional<Primitive> primitive_named(std::string_view name) {
  for (const auto& [known, primitive] : kPrimitives)
    if (known == name) return primitive;
  return std::nullopt;
}

std::string_view name_of(Primitive primitive) {
  for (const auto& [name, known] : kPrimitives)
    if (known == primitive) return name;
  return "Any";
}

std::string unqualified(const std::string& name, const ImportTable& imports) {
  QualifiedName qualified;
  return split_qualified(name, imports, qualified) ? qualified.name : name;
}

bool is_annotated(const std::string& name, const ImportTable& imports) {
  QualifiedName qualified;
  if (split_qualified(name, imports, qualified))
    return qualified.name == "Annotated" && qualified.origin.is_typing() &&
           qualified.origin.is_module();
  const Origin* origin = imports.find(name);
  return origin != nullptr && origin->is_typing() && origin->original == "Annotated";
}

std::string_view container_named(const std::string& name, const ImportTable& imports) {
  QualifiedName qualified;
  if (split_qualified(name, imports, qualified)) {
    const bool typing = qualified.origin.is_typing() && qualified.origin.is_module();
    return typing ? typing_container(qualified.name) : std::string_view();
  }
  const Origin* origin = imports.find(name);
  if (origin == nullptr) return name == "list" ? "list" : "";
  if (origin->module == "builtins" && origin->original == "list") return "list";
  return origin->is_typing() ? typing_container(origin->original) : std::string_view();
}

const Annotation* unwrap_opaque(const Annotation& annotation, const ImportTable& imports) {
  if (annotation.form != Annotation::Form::generic || annotation.arguments.size() < 2 ||
      !is_annotated(annotation.name, imports))
    return nullptr;
  for (std::size_t at = 1; at < annotation.arguments.size(); ++at) {
    const Annotation& metadata = annotation.arguments[at];
    if (metadata.form == Annotation::Form::name && is_opaque(metadata.name, imports))
      return annotation.arguments.data();
  }
  return nullptr;
}

const Annotation* unwrap_imported_optional(const Annotation& annotation,
                                           const ImportTable& imports) {
  const std::vector<Annotation>& arguments = annotation.arguments;
  if (annotation.form != Annotation::Form::generic) return unwrap_optional(annotation);
  const std::string_view container = container_named(annotation.name, imports);
  if (container.empty()) return nullptr;
  if (container == "Optional" && arguments.size() == 1) return arguments.data();
  if (container == "Union" && arguments.size() == 2) {
    if (arguments[0].is_name("None")) return &arguments[1];
    if (arguments[1].is_name("None")) return arguments.data();
  }
  return unwrap_optional(annotation);
}

Error type_error(const SourceFile& file, const Annotation& annotation, std::string message) {
  return Error(ErrorKind::config, std::move(message)).at(file.location(annotation.offset));
}

Error unknown_type(const TypeScope& scope, const Annotation& annotation, std::string_view use) {
  std::string name = annotation.name;
  std::string module;
  QualifiedName qualified;
  if (split_qualified(name, scope.file.imports, qualified))
    module = qualified.origin.module;
  else if (const Origin* origin = scope.file.imports.find(name))
    module = origin->module;
  if (module.empty() || module == "builtins")
    return type_error(scope.file, annotation, fmt::format("`{}` is no type that {}", name, use))
        .hint("use str, int, float, bool, Path, Secret, dict, a list of these, or Optional of one");
  return type_error(scope.file, annotation,
                    fmt::format("`{}` of `{}` is no type that {}", name, module, use))
      .hint(fmt::format("where it is JSON, write `Annotated[{}, Opaque]` with `from typing import "
                        "Annotated` and `from cog import Opaque`",
                        name));
}

std::string to_text(const Annotation& annotation) {
  std::string out = annotation.name;
  const bool generic = annotation.form == Annotation::Form::generic;
  if (generic) out += '[';
  for (std::size_t at = 0; at < annotation.arguments.size(); ++at) {
    if (at > 0) out += generic ? ", " : " | ";
    out += to_text(annotation.arguments[at]);
  }
  if (generic) out += ']';
  return out;
}

}  // namespace cogbuild::schema
