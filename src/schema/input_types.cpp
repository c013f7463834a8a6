#include "input_types.hpp"

#include <fmt/format.h>

#include <utility>

namespace cogbuild::schema {
namespace {

constexpr std::string_view kUse = "an input can have";

InputType any_type() { return {.kind = InputType::Kind::any}; }

InputType array_of(InputType items) {
  InputType out{.kind = InputType::Kind::array};
  out.of.push_back(std::move(items));
  return out;
}

Error refuse(const TypeScope& scope, const Annotation& annotation, std::string message,
             std::string hint) {
  return type_error(scope.file, annotation, std::move(message)).hint(std::move(hint));
}

// What is seen of an opaque type: whether it is a list, and whether it may be null.
struct Shape {
  bool repeated = false;
  bool optional = false;
};

Shape opaque_shape(const Annotation& annotation, const ImportTable& imports) {
  if (const Annotation* inner = unwrap_opaque(annotation, imports))
    return opaque_shape(*inner, imports);
  const Annotation* optional = annotation.form == Annotation::Form::name
                                   ? nullptr
                                   : unwrap_imported_optional(annotation, imports);
  if (optional != nullptr) {
    const Shape inner = opaque_shape(*optional, imports);
    return {.repeated = inner.repeated && !inner.optional, .optional = true};
  }
  if (annotation.form == Annotation::Form::one_of) return {};
  const std::string_view container = container_named(annotation.name, imports);
  return {.repeated = container == "list" || container == "List"};
}

InputType opaque_type(const Annotation& annotation, const ImportTable& imports) {
  const Shape shape = opaque_shape(annotation, imports);
  InputType out = shape.repeated ? array_of(any_type()) : any_type();
  out.nullable = shape.optional;
  return out;
}

Result<InputType> named_type(const Annotation& annotation, const TypeScope& scope) {
  std::string name = annotation.name;
  if (scope.is_typed_dict(name)) return any_type();
  QualifiedName qualified;
  if (split_qualified(name, scope.imports, qualified)) {
    name = qualified.name;
    if (scope.is_typed_dict(qualified.origin.original + "." + name) || scope.is_typed_dict(name))
      return any_type();
  }
  if (name == "dict" || name == "Dict") return any_type();
  const std::optional<Primitive> primitive = primitive_named(name);
  if (!primitive) return fail(unknown_type(scope, annotation, kUse));
  if (*primitive == Primitive::any) return any_type();
  return InputType{.kind = InputType::Kind::primitive, .primitive = *primitive};
}

// A member of a union of several types.
Result<void> check_member(const InputType& member, const Annotation& annotation,
                          const TypeScope& scope) {
  const std::string text = to_text(annotation);
  if (member.nullable)
    return fail(refuse(scope, annotation, fmt::format("`{}` in a union may be null", text),
                       "put `None` beside the other types"));
  const Primitive primitive = base_primitive(member);
  if (primitive == Primitive::path || primitive == Primitive::file ||
      primitive == Primitive::secret)
    return fail(refuse(scope, annotation, fmt::format("`{}` cannot be one type of several", text),
                       "make it an input of its own"));
  return {};
}

bool is_union(const Annotation& annotation) {
  return annotation.form == Annotation::Form::one_of ||
         (annotation.form == Annotation::Form::generic && annotation.name == "Union");
}

Result<InputType> union_type(const Annotation& annotation, const TypeScope& scope) {
  InputType out{.kind = InputType::Kind::one_of};
  std::vector<const Annotation*> sources;
  for (const Annotation& member : annotation.arguments) {
    if (member.is_name("None")) {
      out.nullable = true;
      continue;
    }
    if (is_union(member))
      return fail(refuse(scope, member, "a union within a union", "write one union of all types"));
    TRY_ASSIGN(InputType type, input_type(member, scope));
    if (type.kind == InputType::Kind::one_of)
      return fail(refuse(scope, member, "a union within a union", "write one union of all types"));
    out.of.push_back(std::move(type));
    sources.push_back(&member);
  }
  if (out.of.empty())
    return fail(refuse(scope, annotation, "the union has no type but None", "add a type"));
  if (out.of.size() == 1) {
    InputType only = std::move(out.of.front());
    only.nullable = only.nullable || out.nullable;
    return only;
  }
  for (std::size_t at = 0; at < sources.size(); ++at)
    TRY(check_member(out.of[at], *sources[at], scope));
  return out;
}

Result<InputType> list_type(const Annotation& annotation, const TypeScope& scope) {
  if (annotation.arguments.size() != 1)
    return fail(refuse(
        scope, annotation,
        fmt::format("`{}` has {} types of items", to_text(annotation), annotation.arguments.size()),
        "a list has items of one type"));
  const Annotation& items = annotation.arguments.front();
  TRY_ASSIGN(InputType inner, input_type(items, scope));
  if (inner.nullable || inner.kind == InputType::Kind::array ||
      inner.kind == InputType::Kind::one_of)
    return fail(
        refuse(scope, items,
               fmt::format("`{}` cannot be the type of items of an input's list", to_text(items)),
               "use str, int, float, bool, Path or dict"));
  return array_of(std::move(inner));
}

Result<InputType> generic_type(const Annotation& annotation, const TypeScope& scope) {
  const std::string outer = unqualified(annotation.name, scope.imports);
  if (outer == "dict" || outer == "Dict") return any_type();
  if (outer == "Optional") {
    if (annotation.arguments.size() != 1)
      return fail(
          refuse(scope, annotation,
                 fmt::format("`{}` has {} types", to_text(annotation), annotation.arguments.size()),
                 "Optional is of one type"));
    TRY_ASSIGN(InputType inner, input_type(annotation.arguments.front(), scope));
    inner.nullable = true;
    return inner;
  }
  if (outer == "Union") return union_type(annotation, scope);
  if (is_annotated(annotation.name, scope.imports))
    return input_type(annotation.arguments.front(), scope);
  if (outer == "List" || outer == "list") return list_type(annotation, scope);
  Error error = type_error(scope.file, annotation,
                           fmt::format("`{}` is no type that {}", to_text(annotation), kUse));
  if (outer == "Literal")
    return fail(std::move(error).hint("use str or int with `Input(choices=[…])`"));
  if (outer == "Tuple" || outer == "tuple" || outer == "Set" || outer == "set" ||
      outer == "Sequence")
    return fail(std::move(error).hint("use `list[…]`"));
  return fail(std::move(error).hint(
      "use str, int, float, bool, Path, Secret, dict, a list of these, or Optional of one"));
}

}  // namespace

Result<InputType> input_type(const Annotation& annotation, const TypeScope& scope) {
  if (const Annotation* inner = unwrap_opaque(annotation, scope.imports))
    return opaque_type(*inner, scope.imports);
  switch (annotation.form) {
    case Annotation::Form::name:
      return named_type(annotation, scope);
    case Annotation::Form::generic:
      return generic_type(annotation, scope);
    case Annotation::Form::one_of:
      break;
  }
  return union_type(annotation, scope);
}

Primitive base_primitive(const InputType& type) {
  if (type.kind == InputType::Kind::primitive) return type.primitive;
  if (type.kind == InputType::Kind::array && !type.of.empty() &&
      type.of.front().kind == InputType::Kind::primitive)
    return type.of.front().primitive;
  return Primitive::any;
}

}  // namespace cogbuild::schema
