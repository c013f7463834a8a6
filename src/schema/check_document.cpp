#include "check_document.hpp"

#include "check_value.hpp"
#include "openapi_fields.hpp"
#include "pattern.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

namespace cogbuild::schema {

namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 9> kMethods{"connect", "delete", "get", "head", "options",
                                                   "patch",   "post",   "put", "trace"};

std::string below(const std::string& pointer, std::string_view key) {
  std::string made = pointer + "/";
  for (const char c : key) {
    if (c == '~')
      made += "~0";
    else if (c == '/')
      made += "~1";
    else
      made += c;
  }
  return made;
}

const json* find(const json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::string text_of(const json& object, const char* key) {
  const json* found = find(object, key);
  return found != nullptr && found->is_string() ? found->get<std::string>() : "";
}

bool is_text_or_null(const json& value) { return value.is_string() || value.is_null(); }

bool is_component_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

// `/a/{x}/b` as `/a/{}/b`, and the names in braces.
struct Template {
  std::string plain{};
  std::set<std::string> names{};
};
Template template_of(std::string_view path) {
  Template made;
  while (!path.empty()) {
    const auto open = path.find('{');
    const auto close = open == std::string_view::npos ? open : path.find('}', open);
    made.plain += path.substr(0, open);
    if (close == std::string_view::npos) break;
    made.plain += "{}";
    made.names.emplace(path.substr(open + 1, close - open - 1));
    path.remove_prefix(close + 1);
  }
  return made;
}

// The type of a schema; empty: it has none, or several. Nothing: what stands there is no type.
std::optional<std::string> type_of(const json& schema) {
  constexpr std::array<std::string_view, 6> kTypes{"array",  "boolean", "integer",
                                                   "number", "object",  "string"};
  const json* written = find(schema, "type");
  if (written == nullptr) return "";
  const json list = written->is_array() ? *written : json::array({*written});
  for (const auto& one : list)
    if (!one.is_string() || std::ranges::find(kTypes, one.get<std::string>()) == kTypes.end())
      return std::nullopt;
  return list.size() == 1 ? list[0].get<std::string>() : "";
}

class Checker {
 public:
  explicit Checker(const json& document) : document_(document) {
    const std::string version = text_of(document, "openapi");
    is_30_ = !version.starts_with("3.1") && !version.starts_with("3.2");
    if (is_30_ && !version.empty() && version != "3.0" && !version.starts_with("3.0."))
      tell("/openapi", fmt::format(" is `{}`, not a version of OpenAPI 3", version));
  }

  std::vector<DocumentFault> run() && {
    object(ObjectKind::document, document_, "");
    if (const json* components = find(document_, "components")) component_names(*components);
    if (const json* paths = find(document_, "paths"); paths != nullptr && paths->is_object())
      check_paths(*paths);
    return std::move(faults_);
  }

 private:
  void tell(std::string pointer, std::string after, std::string before = {},
            std::string hint = {}) {
    faults_.push_back({.pointer = std::move(pointer),
                       .before = std::move(before),
                       .after = std::move(after),
                       .hint = std::move(hint)});
  }

  // Whether the value is of the shape's JSON type; tells if not.
  bool has_type(const json& value, Shape shape, const std::string& pointer) {
    const auto judge = [&](bool fits, const char* wanted) {
      if (!fits) tell(pointer, fmt::format(" is not {}", wanted));
      return fits;
    };
    switch (shape) {
      case Shape::any:
        return true;
      case Shape::text:
        return judge(value.is_string(), "a string");
      case Shape::truth:
        return judge(value.is_boolean(), "true or false");
      case Shape::number:
        return judge(value.is_number(), "a number");
      case Shape::count:
        return judge(value.is_number_unsigned(), "a whole number of 0 or more");
      case Shape::texts:
        return judge(value.is_array() && std::ranges::all_of(value, is_text_or_null),
                     "a list of strings");
      case Shape::list:
        return judge(value.is_array(), "a list");
      case Shape::texts_by_name:
        return judge(value.is_object() && std::ranges::all_of(value, &json::is_string),
                     "an object of strings");
      case Shape::schema_or_truth:
        return value.is_boolean() || judge(value.is_object(), "a schema, true or false");
      case Shape::one:
      case Shape::by_name:
      case Shape::by_name_or_x:
      case Shape::callbacks:
        return judge(value.is_object(), "an object");
    }
    return true;
  }

  // NOLINTBEGIN(misc-no-recursion): the document's depth is bounded by whoever calls us
  void field(const Field& known, const json& value, const std::string& pointer) {
    if (!has_type(value, known.shape, pointer)) return;
    const bool with_extensions = known.shape == Shape::by_name_or_x;
    switch (known.shape) {
      case Shape::one:
        object(known.kind, value, pointer);
        break;
      case Shape::schema_or_truth:
        if (value.is_object()) object(known.kind, value, pointer);
        break;
      case Shape::list:
        for (std::size_t i = 0; i != value.size(); ++i)
          object(known.kind, value[i], below(pointer, std::to_string(i)));
        break;
      case Shape::by_name:
      case Shape::by_name_or_x:
        for (const auto& [key, one] : value.items())
          if (!with_extensions || !key.starts_with("x-"))
            if (!one.is_null() || known.kind == ObjectKind::schema)
              object(known.kind, one, below(pointer, key));
        break;
      case Shape::callbacks:
        for (const auto& [name, callback] : value.items())
          if (callback.is_object() && find(callback, "$ref") == nullptr)
            for (const auto& [expression, item] : callback.items())
              if (!expression.starts_with("x-"))
                object(ObjectKind::path_item, item, below(below(pointer, name), expression));
        break;
      default:
        break;
    }
  }

  void object(ObjectKind kind, const json& value, const std::string& pointer) {
    if (!value.is_object()) {
      if (is_30_ || !value.is_boolean()) tell(pointer, fmt::format(" is not {}", name_of(kind)));
      return;
    }
    if (may_be_a_reference(kind) && find(value, "$ref") != nullptr) {
      reference(value, pointer);
      return;
    }
    for (const auto& [key, member] : value.items()) {
      const auto fields = fields_of(kind);
      const auto known = std::ranges::find(fields, key, &Field::name);
      if (known != fields.end()) {
        if (!member.is_null()) field(*known, member, below(pointer, key));
      } else if (is_30_ && !key.starts_with("x-")) {
        tell(below(pointer, key), fmt::format(" is no field of {} in OpenAPI 3.0", name_of(kind)));
      }
    }
    for (const auto& known : fields_of(kind)) {
      if (known.need == Need::optional) continue;
      const json* found = value.contains(known.name) ? &value[std::string(known.name)] : nullptr;
      const bool given =
          found != nullptr && !found->is_null() && (known.need != Need::filled || *found != "");
      if (!given && (is_30_ || (known.name != "paths" && known.name != "responses")))
        tell(below(pointer, known.name), " is missing");
    }
    if (kind == ObjectKind::schema) schema(value, pointer);
    if (kind == ObjectKind::parameter) parameter(value, pointer);
    if (kind == ObjectKind::parameter || kind == ObjectKind::header) one_schema(value, pointer);
    if (kind == ObjectKind::media_type) example(value, pointer);
    if (kind == ObjectKind::operation)
      if (const json* responses = find(value, "responses");
          responses != nullptr && responses->is_object() && responses->empty())
        tell(below(pointer, "responses"), " is empty");
  }
  // NOLINTEND(misc-no-recursion)

  void reference(const json& value, const std::string& pointer) {
    const json& target = value["$ref"];
    if (!target.is_string()) {
      tell(below(pointer, "$ref"), " is not a string");
      return;
    }
    const auto& text = target.get_ref<const std::string&>();
    if (!text.starts_with("#/"))
      tell(pointer, fmt::format(" refers to `{}`, outside of the document", text));
    else if (const json* found = find_reference(document_, text);
             found == nullptr || !found->is_object() || found == &value)
      tell(pointer, fmt::format(" refers to `{}`, which is not there", text));
    // Members of allOf, anyOf and oneOf are taken without a look at what stands beside.
    const auto parent = pointer.substr(0, pointer.rfind('/'));
    const bool combined = parent.ends_with("/allOf") || parent.ends_with("/anyOf") ||
                          parent.ends_with("/oneOf") || pointer.ends_with("/not");
    if (!is_30_ || combined) return;
    for (const auto& [key, member] : value.items())
      if (key != "$ref" && !key.starts_with("x-"))
        tell(below(pointer, key), " stands beside a reference, where nothing may");
  }

  void schema(const json& value, const std::string& pointer) {
    if (!is_30_) return;
    const auto type = type_of(value);
    if (!type)
      tell(below(pointer, "type"), fmt::format(" is `{}`, which is no type", value["type"].dump()));
    if (type == "array" && find(value, "items") == nullptr)
      tell(below(pointer, "items"), " is missing, and the type is `array`");
    if (const json* choices = find(value, "enum"); choices != nullptr && !choices->is_array())
      tell(below(pointer, "enum"), " is not a list");
    for (const char* key : {"exclusiveMinimum", "exclusiveMaximum"})
      if (const json* bound = find(value, key);
          bound != nullptr && !bound->is_boolean() && !bound->is_number())
        tell(below(pointer, key), " is not true or false");
    if (value.value("readOnly", json()) == true && value.value("writeOnly", json()) == true)
      tell(pointer, " is both readOnly and writeOnly");
    if (const json* required = find(value, "required");
        required != nullptr && required->is_array()) {
      std::set<json> seen;
      for (const auto& name : *required)
        if (!seen.insert(name).second)
          tell(below(pointer, "required"), fmt::format(" has `{}` twice", name.dump()));
    }
    if (const std::string pattern = text_of(value, "pattern"); type == "string" && !pattern.empty())
      if (const auto why = Pattern(pattern).fault(); !why.empty())
        tell(
            pointer, fmt::format(" is not RE2: {}", why),
            fmt::format("the pattern `{}` of ", pattern),
            "patterns are RE2: no look-around and no backreferences; check such texts in the code");
    for (const char* key : {"default", "example"}) {
      const json* given = find(value, key);
      if (given == nullptr) continue;
      if (auto failed = check_value(document_, value, *given))
        tell(pointer, " " + failed->text, fmt::format("the {} of ", key), failed->hint);
    }
  }

  void example(const json& value, const std::string& pointer) {
    const json* given = find(value, "example");
    const json* of = find(value, "schema");
    if (!is_30_ || given == nullptr || of == nullptr) return;
    if (auto failed = check_value(document_, *of, *given))
      tell(pointer, " " + failed->text, "the example of ");
  }

  void parameter(const json& value, const std::string& pointer) {
    constexpr std::array<std::string_view, 4> kPlaces{"path", "query", "header", "cookie"};
    const std::string place = text_of(value, "in");
    if (!place.empty() && std::ranges::find(kPlaces, place) == kPlaces.end())
      tell(below(pointer, "in"), fmt::format(" is `{}`, no place of a parameter", place));
    if (place == "path" && value.value("required", json()) != true)
      tell(pointer, " is part of the path and must be required");
  }

  void one_schema(const json& value, const std::string& pointer) {
    const json* content = find(value, "content");
    const bool has_content = content != nullptr && content->is_object() && !content->empty();
    if ((find(value, "schema") != nullptr) == has_content)
      tell(pointer, " needs either a schema or content");
    if (has_content && content->size() > 1) tell(below(pointer, "content"), " has several entries");
    if (find(value, "schema") != nullptr) example(value, pointer);
  }

  void component_names(const json& components) {
    if (!components.is_object()) return;
    for (const auto& [section, named] : components.items()) {
      if (section.starts_with("x-") || !named.is_object()) continue;
      for (const auto& [name, component] : named.items())
        if (!is_component_name(name))
          tell(below(below("/components", section), name),
               " cannot name a component: only ASCII letters, digits, `.`, `_` and `-` can", {},
               "an input with choices is a component: give it an ASCII name");
    }
  }

  void check_paths(const json& paths) {
    std::map<std::string, std::string> by_template;
    std::map<std::string, std::string> by_operation;
    for (const auto& [path, item] : paths.items()) {
      if (path.starts_with("x-")) continue;
      const std::string pointer = below("/paths", path);
      if (!path.starts_with('/')) {
        tell(pointer, " does not begin with a slash");
        continue;
      }
      if (!item.is_object()) continue;
      const Template parts = template_of(path);
      if (const auto [there, added] = by_template.emplace(parts.plain, path); !added)
        tell(pointer, fmt::format(" is the same path as `{}`", there->second));
      for (const auto method : kMethods) {
        const json* operation = find(item, std::string(method).c_str());
        if (operation == nullptr || !operation->is_object()) continue;
        const std::string at = below(pointer, method);
        std::set<std::string> declared;
        path_parameters(item, declared);
        path_parameters(*operation, declared);
        for (const auto& name : parts.names)
          if (!declared.contains(name))
            tell(at, fmt::format(" does not declare the path's parameter `{}`", name));
        for (const auto& name : declared)
          if (!parts.names.contains(name))
            tell(at,
                 fmt::format(" declares the parameter `{}`, which its path does not have", name));
        const std::string id = text_of(*operation, "operationId");
        if (id.empty()) continue;
        if (const auto [there, added] = by_operation.emplace(id, at); !added)
          tell(at, fmt::format(" has the operationId `{}` of `#{}`", id, there->second));
      }
    }
  }

  void path_parameters(const json& holder, std::set<std::string>& into) const {
    const json* parameters = find(holder, "parameters");
    if (parameters == nullptr || !parameters->is_array()) return;
    for (const auto& one : *parameters) {
      const json* parameter = &one;
      if (one.is_object() && !text_of(one, "$ref").empty())
        parameter = find_reference(document_, text_of(one, "$ref"));
      if (parameter != nullptr && parameter->is_object() && text_of(*parameter, "in") == "path")
        into.insert(text_of(*parameter, "name"));
    }
  }

  const json& document_;
  bool is_30_ = true;
  std::vector<DocumentFault> faults_{};
};

}  // namespace

std::vector<DocumentFault> check_document(const json& document) {
  if (!document.is_object())
    return {{.pointer = {}, .before = {}, .after = " is not an object", .hint = {}}};
  return Checker(document).run();
}

}  // namespace cogbuild::schema
