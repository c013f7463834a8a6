#include "check_value.hpp"

#include "json_value.hpp"
#include "pattern.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cogbuild::schema {

namespace {

using nlohmann::json;
using Fault = std::optional<ValueFault>;

constexpr int kMaxDepth = 100;  // of schemas that refer to each other
constexpr const char* kTypeHint = "write a default of the annotated type, or change the annotation";
constexpr const char* kRangeHint =
    "choose a default between `ge` and `le`, or move the limit that is too narrow";
constexpr const char* kLengthHint =
    "choose a default that keeps to `min_length` and `max_length`, or change these";

Fault fault(std::string text, std::string hint) {
  return ValueFault{.text = std::move(text), .hint = std::move(hint)};
}

// Null stands for what is absent.
const json* find(const json& schema, const char* key) {
  const auto found = schema.find(key);
  return found == schema.end() || found->is_null() ? nullptr : &*found;
}

bool is_true(const json& schema, const char* key) {
  const json* found = find(schema, key);
  return found != nullptr && found->is_boolean() && found->get<bool>();
}

std::string with_article(const std::string& type) {
  const bool vowel = type == "array" || type == "object" || type == "integer";
  return (vowel ? "an " : "a ") + type;
}

// The first characters of a value.
std::string shown(const json& value) {
  constexpr std::size_t kMost = 40;
  std::string text = value.is_number_float()
                         ? go_number(value.get<double>())
                         : value.dump(-1, ' ', false, json::error_handler_t::replace);
  if (text.size() <= kMost) return text;
  std::size_t end = kMost;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

class Checker {
 public:
  explicit Checker(const json& document) : document_(document) {}

  Fault check(const json& schema, const json& value,
              int depth) const {  // NOLINT(misc-no-recursion)
    if (depth > kMaxDepth || !schema.is_object()) return {};
    if (const json* reference = find(schema, "$ref")) {
      const json* target = reference->is_string()
                               ? find_reference(document_, reference->get<std::string>())
                               : nullptr;
      return target == nullptr ? Fault{} : check(*target, value, depth + 1);
    }
    const bool nullable = is_true(schema, "nullable");
    if (value.is_null() && nullable) return {};
    if (auto failed = combined(schema, value, depth)) return failed;
    if (const json* choices = find(schema, "enum");
        choices != nullptr && choices->is_array() && !choices->empty() &&
        std::ranges::find(*choices, value) == choices->end())
      return none_of(*choices, value);
    if (value.is_null()) {
      if (combines(schema) || !restricts(schema)) return {};
      return fault("is null, which its type does not allow", "annotate the input as Optional");
    }
    if (auto failed = typed(schema, value)) return failed;
    if (value.is_number()) return number(schema, value);
    if (value.is_string()) return text(schema, value.get_ref<const std::string&>());
    if (value.is_array()) return list(schema, value, depth);
    if (value.is_object()) return members(schema, value, depth);
    return {};
  }

 private:
  static bool combines(const json& schema) {
    return find(schema, "allOf") != nullptr || find(schema, "anyOf") != nullptr ||
           find(schema, "oneOf") != nullptr;
  }
  static bool restricts(const json& schema) { return find(schema, "type") != nullptr; }

  static Fault none_of(const json& choices, const json& value) {
    if (value.is_array())
      return fault(
          fmt::format("is {}, and the choices are taken as those of the whole value", shown(value)),
          "a schema has no choices for the items of a list: check them in the code");
    std::string listed;
    for (const auto& choice : choices) listed += (listed.empty() ? "" : ", ") + shown(choice);
    return fault(fmt::format("is {}, which is none of the choices", shown(value)),
                 "the choices are " + listed);
  }

  Fault combined(const json& schema, const json& value,
                 int depth) const {  // NOLINT(misc-no-recursion)
    const auto fits = [&](const json& one) { return !check(one, value, depth + 1).has_value(); };
    if (const json* all = find(schema, "allOf"); all != nullptr && all->is_array())
      for (const auto& one : *all)
        if (auto failed = check(one, value, depth + 1)) return failed;
    if (const json* any = find(schema, "anyOf");
        any != nullptr && any->is_array() && !any->empty() && std::ranges::none_of(*any, fits))
      return fault(fmt::format("is {}, which fits none of the types", shown(value)), kTypeHint);
    if (const json* one = find(schema, "oneOf"); one != nullptr && one->is_array() &&
                                                 !one->empty() &&
                                                 std::ranges::count_if(*one, fits) != 1)
      return fault(fmt::format("is {}, which does not fit exactly one of the types", shown(value)),
                   kTypeHint);
    if (const json* excluded = find(schema, "not"); excluded != nullptr && fits(*excluded))
      return fault(fmt::format("is {}, which the schema excludes", shown(value)), kTypeHint);
    return {};
  }

  static bool is_of_type(const json& value, const json& type) {
    return (type == "boolean" && value.is_boolean()) || (type == "number" && value.is_number()) ||
           (type == "integer" && value.is_number() &&
            std::trunc(value.get<double>()) == value.get<double>()) ||
           (type == "string" && value.is_string()) || (type == "array" && value.is_array()) ||
           (type == "object" && value.is_object());
  }

  static Fault typed(const json& schema, const json& value) {
    const json* type = find(schema, "type");
    if (type == nullptr) return {};
    const auto fits = [&value](const json& one) { return is_of_type(value, one); };
    if (type->is_array() ? std::ranges::any_of(*type, fits) : fits(*type)) return {};
    return fault(fmt::format("is {}, not {}", shown(value),
                             type->is_string() ? with_article(*type) : "of its types"),
                 kTypeHint);
  }

  static Fault number(const json& schema, const json& value) {
    const auto bound = [&schema](const char* key) -> std::optional<double> {
      const json* found = find(schema, key);
      return found != nullptr && found->is_number() ? std::optional(found->get<double>())
                                                    : std::nullopt;
    };
    const double is = value.get<double>();
    if (const auto least = bound("minimum");
        least && (is < *least || (is == *least && is_true(schema, "exclusiveMinimum"))))
      return fault(fmt::format("is {}, below the minimum of {}", shown(value), go_number(*least)),
                   kRangeHint);
    if (const auto most = bound("maximum");
        most && (is > *most || (is == *most && is_true(schema, "exclusiveMaximum"))))
      return fault(fmt::format("is {}, above the maximum of {}", shown(value), go_number(*most)),
                   kRangeHint);
    if (const auto step = bound("multipleOf");
        step && *step != 0 && std::abs(std::remainder(is, *step)) > 5e-11)
      return fault(fmt::format("is {}, no multiple of {}", shown(value), go_number(*step)),
                   kRangeHint);
    return {};
  }

  static std::optional<std::size_t> limit(const json& schema, const char* key) {
    const json* found = find(schema, key);
    return found != nullptr && found->is_number_unsigned()
               ? std::optional(found->get<std::size_t>())
               : std::nullopt;
  }

  static Fault text(const json& schema, const std::string& value) {
    const auto length = static_cast<std::size_t>(std::ranges::count_if(
        value, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
    if (const auto least = limit(schema, "minLength"); least && length < *least)
      return fault(fmt::format("has {} characters, fewer than {}", length, *least), kLengthHint);
    if (const auto most = limit(schema, "maxLength"); most && length > *most)
      return fault(fmt::format("has {} characters, more than {}", length, *most), kLengthHint);
    const json* pattern = find(schema, "pattern");
    if (pattern == nullptr || !pattern->is_string() ||
        pattern->get_ref<const std::string&>().empty())
      return {};
    const auto& written = pattern->get_ref<const std::string&>();
    const Pattern compiled(written);
    if (const auto why = compiled.fault(); !why.empty())
      // A schema that states its type has this said of the pattern itself.
      return find(schema, "type") != nullptr
                 ? Fault{}
                 : fault(fmt::format("cannot be held to the pattern `{}`: {}", written, why),
                         "patterns are RE2: no look-around and no backreferences");
    if (!compiled.matches(value))
      return fault(
          fmt::format("is {}, which does not match the pattern `{}`", shown(value), written),
          "choose a default that matches, or change the pattern");
    return {};
  }

  Fault list(const json& schema, const json& value, int depth) const {  // NOLINT(misc-no-recursion)
    if (const auto least = limit(schema, "minItems"); least && value.size() < *least)
      return fault(fmt::format("has {} items, fewer than {}", value.size(), *least), kLengthHint);
    if (const auto most = limit(schema, "maxItems"); most && value.size() > *most)
      return fault(fmt::format("has {} items, more than {}", value.size(), *most), kLengthHint);
    if (is_true(schema, "uniqueItems"))
      for (std::size_t i = 1; i < value.size(); ++i)
        if (std::find(value.begin(), value.begin() + static_cast<std::ptrdiff_t>(i), value[i]) !=
            value.begin() + static_cast<std::ptrdiff_t>(i))
          return fault(fmt::format("has {} more than once", shown(value[i])), kTypeHint);
    const json* items = find(schema, "items");
    if (items == nullptr) return {};
    for (const auto& item : value)
      if (auto failed = check(*items, item, depth + 1))
        return fault("has an item that " + failed->text, failed->hint);
    return {};
  }

  Fault members(const json& schema, const json& value,
                int depth) const {  // NOLINT(misc-no-recursion)
    if (const auto least = limit(schema, "minProperties"); least && value.size() < *least)
      return fault(fmt::format("has {} members, fewer than {}", value.size(), *least), kLengthHint);
    if (const auto most = limit(schema, "maxProperties"); most && value.size() > *most)
      return fault(fmt::format("has {} members, more than {}", value.size(), *most), kLengthHint);
    const json* properties = find(schema, "properties");
    const json* others = find(schema, "additionalProperties");
    for (const auto& [key, member] : value.items()) {
      const json* own =
          properties != nullptr && properties->is_object() && properties->contains(key)
              ? &(*properties)[key]
              : nullptr;
      if (own == nullptr && others != nullptr && others->is_boolean() && !others->get<bool>())
        return fault(fmt::format("has a member `{}`, which is none", key), kTypeHint);
      const json* of_member = own != nullptr ? own : others;
      if (of_member == nullptr) continue;
      if (auto failed = check(*of_member, member, depth + 1))
        return fault(fmt::format("has a member `{}` that {}", key, failed->text), failed->hint);
    }
    if (const json* required = find(schema, "required");
        required != nullptr && required->is_array())
      for (const auto& name : *required)
        if (name.is_string() && !value.contains(name.get_ref<const std::string&>()))
          return fault(fmt::format("lacks `{}`", name.get<std::string>()), kTypeHint);
    return {};
  }

  const json& document_;
};

std::string unescape(std::string_view token) {
  std::string out;
  for (std::size_t at = 0; at != token.size(); ++at) {
    const auto pair = token.substr(at, 2);
    if (pair == "~1" || pair == "~0") {
      out += pair == "~1" ? '/' : '~';
      ++at;
    } else {
      out += token[at];
    }
  }
  return out;
}

}  // namespace

std::optional<ValueFault> check_value(const json& document, const json& schema, const json& value) {
  return Checker(document).check(schema, value, 0);
}

const json* find_reference(const json& document, const std::string& reference) {
  std::string_view rest = reference;
  if (!rest.starts_with("#/")) return nullptr;
  rest.remove_prefix(2);
  const json* here = &document;
  while (here != nullptr) {
    const auto slash = rest.find('/');
    const std::string token = unescape(rest.substr(0, slash));
    if (here->is_object()) {
      const auto found = here->find(token);
      here = found == here->end() ? nullptr : &*found;
    } else if (here->is_array()) {
      const bool digits = !token.empty() && token.size() < 8 &&
                          token.find_first_not_of("0123456789") == std::string::npos;
      const std::size_t index = digits ? std::stoul(token) : here->size();
      here = index < here->size() ? &(*here)[index] : nullptr;
    } else {
      here = nullptr;
    }
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }
  return here;
}

}  // namespace cogbuild::schema
