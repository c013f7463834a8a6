#include "output_types.hpp"

#include "plain_types.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cogbuild::schema {
namespace {

constexpr std::string_view kUse = "a model can return";
constexpr std::size_t kMaxDepth = 100;

OutputType of_kind(OutputType::Kind kind) { return {.kind = kind}; }

OutputType of_kind(OutputType::Kind kind, OutputType inner) {
  OutputType out{.kind = kind};
  out.of.push_back(std::move(inner));
  return out;
}

OutputType opaque_type(const Annotation& annotation, const ImportTable& imports) {
  const bool single = annotation.form == Annotation::Form::generic
                          ? annotation.arguments.size() == 1
                          : annotation.form == Annotation::Form::name;
  const std::string_view container = container_named(annotation.name, imports);
  if (single && (container == "list" || container == "List"))
    return of_kind(OutputType::Kind::array, of_kind(OutputType::Kind::any));
  return of_kind(OutputType::Kind::any);
}

// Resolves one return type: knows the models that are being taken apart.
class Resolver {
 public:
  Result<OutputType> resolve(const Annotation& annotation, const TypeScope& scope);

 private:
  struct Open {
    const Model* model = nullptr;
    std::string name{};
  };

  Result<OutputType> resolve_name(const Annotation& annotation, const TypeScope& scope);
  Result<OutputType> resolve_generic(const Annotation& annotation, const TypeScope& scope);
  Result<OutputType> resolve_dictionary(const Annotation& annotation, const TypeScope& scope);
  Result<OutputType> resolve_model(const Model& model, const std::string& name,
                                   const Annotation& annotation, const TypeScope& scope);
  Result<OutputField> resolve_field(const ModelField& field, const TypeScope& scope);
  Result<OutputType> resolve_field_type(const Annotation& annotation, const TypeScope& scope,
                                        bool& required);
  Result<OutputType> resolve_items(const Annotation& annotation, const TypeScope& scope,
                                   OutputType::Kind kind);

  std::vector<Open> open_{};
  std::size_t types_ = 0;
};

Error optional_output(const Annotation& annotation, const TypeScope& scope) {
  return type_error(scope.file, annotation,
                    fmt::format("`{}`: a model cannot return None", to_text(annotation)))
      .hint("return a value always, or raise an error; a field of a BaseModel may be Optional");
}

Error wrong_count(const Annotation& annotation, const TypeScope& scope, std::string_view wanted) {
  return type_error(
             scope.file, annotation,
             fmt::format("`{}` has {} types", to_text(annotation), annotation.arguments.size()))
      .hint(std::string(wanted));
}

Error unknown_name(const Annotation& annotation, const TypeScope& scope) {
  const std::string name = unqualified(annotation.name, scope.imports);
  const bool strings = name == "ConcatenateIterator" || name == "AsyncConcatenateIterator";
  if (!strings && name != "Iterator" && name != "AsyncIterator")
    return unknown_type(scope, annotation, kUse);
  return type_error(scope.file, annotation,
                    fmt::format("`{}` does not say what it gives one after the other", name))
      .hint(fmt::format("write `{}[{}]`", name, strings ? "str" : "…"));
}

Result<OutputType> refuse_union(const Annotation& annotation, const TypeScope& scope) {
  Annotation members = annotation;
  members.form = Annotation::Form::one_of;
  if (unwrap_optional(members) != nullptr) return fail(optional_output(annotation, scope));
  return fail(
      type_error(scope.file, annotation,
                 fmt::format("`{}`: a model returns values of one type", to_text(annotation)))
          .hint("use a BaseModel with a field for each, or Any"));
}

Result<OutputType> Resolver::resolve(const Annotation& annotation, const TypeScope& scope) {
  if (++types_ > kMaxOutputTypes)
    return fail(type_error(scope.file, annotation,
                           fmt::format("the output has more than {} types", kMaxOutputTypes))
                    .hint("return a simpler model, or Any"));
  if (const Annotation* inner = unwrap_opaque(annotation, scope.imports)) {
    if (unwrap_imported_optional(*inner, scope.imports) != nullptr)
      return fail(optional_output(annotation, scope));
    return opaque_type(*inner, scope.imports);
  }
  switch (annotation.form) {
    case Annotation::Form::name:
      return resolve_name(annotation, scope);
    case Annotation::Form::generic:
      return resolve_generic(annotation, scope);
    case Annotation::Form::one_of:
      break;
  }
  return refuse_union(annotation, scope);
}

Result<OutputType> Resolver::resolve_name(const Annotation& annotation, const TypeScope& scope) {
  std::string name = annotation.name;
  if (const Model* model = scope.model(name)) return resolve_model(*model, name, annotation, scope);
  QualifiedName qualified;
  if (split_qualified(name, scope.imports, qualified)) {
    name = qualified.name;
    const std::string by_original = qualified.origin.original + "." + name;
    if (const Model* model = scope.model(by_original))
      return resolve_model(*model, by_original, annotation, scope);
  }
  if (name == "Any" || name == "dict" || name == "Dict") return of_kind(OutputType::Kind::any);
  const std::string_view container = container_named(annotation.name, scope.imports);
  if (container == "list" || container == "List")
    return of_kind(OutputType::Kind::array, of_kind(OutputType::Kind::any));
  const std::optional<Primitive> primitive = primitive_named(name);
  if (!primitive) return fail(unknown_name(annotation, scope));
  return OutputType{.kind = OutputType::Kind::primitive, .primitive = *primitive};
}

Result<OutputType> Resolver::resolve_dictionary(const Annotation& annotation,
                                                const TypeScope& scope) {
  if (annotation.arguments.size() != 2)
    return fail(wrong_count(annotation, scope, "a dict has a type of keys and one of values"));
  TRY_ASSIGN(OutputType values, resolve(annotation.arguments[1], scope));
  return of_kind(OutputType::Kind::dictionary, std::move(values));
}

Result<OutputType> Resolver::resolve_items(const Annotation& annotation, const TypeScope& scope,
                                           OutputType::Kind kind) {
  if (annotation.arguments.size() != 1)
    return fail(wrong_count(annotation, scope, "it takes one type, that of its items"));
  TRY_ASSIGN(OutputType items, resolve(annotation.arguments.front(), scope));
  return of_kind(kind, std::move(items));
}

Result<OutputType> text_iterator(const Annotation& annotation, const TypeScope& scope) {
  const bool text = annotation.arguments.size() == 1 && annotation.arguments.front().is_name("str");
  if (!text)
    return fail(
        type_error(scope.file, annotation,
                   fmt::format("`{}`: only strings can be put together", to_text(annotation)))
            .hint("use `ConcatenateIterator[str]`, or `Iterator` for other items"));
  return of_kind(OutputType::Kind::concatenate_iterator,
                 OutputType{.kind = OutputType::Kind::primitive, .primitive = Primitive::string});
}

Result<OutputType> Resolver::resolve_generic(const Annotation& annotation, const TypeScope& scope) {
  if (is_annotated(annotation.name, scope.imports))
    return resolve(annotation.arguments.front(), scope);
  const std::string outer = unqualified(annotation.name, scope.imports);
  if (outer == "dict" || outer == "Dict") return resolve_dictionary(annotation, scope);
  if (outer == "Optional") return fail(optional_output(annotation, scope));
  if (outer == "Union") return refuse_union(annotation, scope);
  const std::string_view container = container_named(annotation.name, scope.imports);
  if (container == "List" || container == "list")
    return resolve_items(annotation, scope, OutputType::Kind::array);
  if (outer == "Iterator" || outer == "AsyncIterator")
    return resolve_items(annotation, scope, OutputType::Kind::iterator);
  if (outer == "ConcatenateIterator" || outer == "AsyncConcatenateIterator")
    return text_iterator(annotation, scope);
  Error error = type_error(scope.file, annotation,
                           fmt::format("`{}` is no type that {}", to_text(annotation), kUse));
  if (outer == "Generator" || outer == "AsyncGenerator" || outer == "Iterable")
    return fail(std::move(error).hint("use `Iterator[…]`, or `AsyncIterator[…]` of an async def"));
  if (outer == "List")
    return fail(std::move(error).hint("import it: `from typing import List`, or use `list[…]`"));
  if (outer == "Tuple" || outer == "tuple" || outer == "Set" || outer == "set")
    return fail(std::move(error).hint("use `list[…]`, or a BaseModel with a field for each value"));
  return fail(std::move(error).hint(
      "use str, int, float, bool, Path, dict, list[…], Iterator[…] or a BaseModel"));
}

Result<OutputType> Resolver::resolve_model(const Model& model, const std::string& name,
                                           const Annotation& annotation, const TypeScope& scope) {
  const bool open = std::any_of(open_.begin(), open_.end(), [&](const Open& other) {
    return scope.reading == Reading::as_cog ? other.name == name : other.model == &model;
  });
  if (open) return of_kind(OutputType::Kind::any);
  if (open_.size() >= kMaxDepth)
    return fail(type_error(scope.file, annotation,
                           fmt::format("models stand within one another {} deep", kMaxDepth))
                    .hint("return a simpler model, or Any"));
  open_.push_back({&model, name});
  OutputType out = of_kind(OutputType::Kind::object);
  // Cog reads the fields of a model of another file with the names of the first one.
  const bool here = scope.reading == Reading::as_cog;
  const TypeScope inner{here ? scope.file : *model.file, scope.imports, scope.models,
                        scope.reading};
  for (const ModelField& field : model.fields) {
    TRY_ASSIGN(OutputField read, resolve_field(field, inner));
    out.fields.push_back(std::move(read));
  }
  open_.pop_back();
  return out;
}

Result<OutputField> Resolver::resolve_field(const ModelField& field, const TypeScope& scope) {
  bool required = true;
  auto type = scope.reading == Reading::as_cog
                  ? resolve_field_type(field.type, scope, required)
                  : resolve_field_type(plain(field.type, scope.file), scope, required);
  if (!type)
    return fail(std::move(type).error().during(fmt::format("reading the field `{}`", field.name)));
  if (field.key_required) required = *field.key_required;
  return OutputField{
      .name = field.name, .type = std::move(*type), .required = required && !field.has_default};
}

Result<OutputType> Resolver::resolve_field_type(const Annotation& annotation,
                                                const TypeScope& scope, bool& required) {
  const ImportTable& imports = scope.imports;
  const Annotation* opaque = unwrap_opaque(annotation, imports);
  if (opaque == nullptr && annotation.form == Annotation::Form::generic &&
      is_annotated(annotation.name, imports))
    return resolve_field_type(annotation.arguments.front(), scope, required);
  const Annotation& seen = opaque == nullptr ? annotation : *opaque;
  const Annotation* optional = unwrap_imported_optional(seen, imports);
  if (optional == nullptr) optional = unwrap_optional(seen);
  required = optional == nullptr;
  const Annotation& inner = optional == nullptr ? seen : *optional;
  if (opaque != nullptr) {
    OutputType out = opaque_type(inner, imports);
    out.nullable = optional != nullptr;
    return out;
  }
  TRY_ASSIGN(OutputType out, resolve(inner, scope));
  out.nullable = optional != nullptr;
  return out;
}

}  // namespace

Result<OutputType> output_type(const Annotation& annotation, const TypeScope& scope) {
  return Resolver().resolve(annotation, scope);
}

}  // namespace cogbuild::schema
