#include "strict_json.hpp"

#include <fmt/format.h>

#include <limits>
#include <set>
#include <utility>

namespace cogbuild::image {

namespace {

constexpr std::size_t kMaxDepth = 64;

Error malformed(std::string_view what, std::string_view why) {
  return Error(ErrorKind::integrity, fmt::format("{} is malformed: {}", what, why));
}

Error wrong_type(std::string_view what, const char* key, std::string_view wanted) {
  return malformed(what, fmt::format("`{}` is not {}", key, wanted));
}

// The member, or nullptr when it is absent or null.
const Json* member(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

// Reads a document once without building it, to see what the built one would no longer show. (The
// parser's own callback takes quadratic time over an object of many objects.)
class Inspector final : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return open(); }
  bool start_array(std::size_t) override { return open(); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    if (keys_.back().insert(name).second) return true;
    problem_ = fmt::format("key `{}` occurs twice", name.substr(0, 80));
    return false;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    problem_ = "not valid JSON";
    return false;
  }

  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  bool open() {
    keys_.emplace_back();
    if (keys_.size() <= kMaxDepth) return true;
    problem_ = fmt::format("nested deeper than {}", kMaxDepth);
    return false;
  }
  bool close() {
    keys_.pop_back();
    return true;
  }

  std::vector<std::set<std::string>> keys_{};  // of each open object; empty for an array
  std::string problem_{};
};

}  // namespace

Result<Json> parse_object(std::string_view text, std::uint64_t limit_bytes, std::string_view what) {
  if (text.size() > limit_bytes)
    return fail(Error(
        ErrorKind::integrity,
        fmt::format("{} has {} bytes, more than the limit of {}", what, text.size(), limit_bytes)));
  Inspector inspector;
  Json::sax_parse(text, &inspector);
  if (!inspector.problem().empty()) return fail(malformed(what, inspector.problem()));
  Json document = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (document.is_discarded()) return fail(malformed(what, "not valid JSON"));
  if (!document.is_object()) return fail(malformed(what, "not a JSON object"));
  return document;
}

Result<std::string> string_at(const Json& object, const char* key, std::string_view what) {
  const Json* value = member(object, key);
  if (value == nullptr) return std::string();
  if (!value->is_string()) return fail(wrong_type(what, key, "a string"));
  return value->get<std::string>();
}

Result<bool> bool_at(const Json& object, const char* key, std::string_view what) {
  const Json* value = member(object, key);
  if (value == nullptr) return false;
  if (!value->is_boolean()) return fail(wrong_type(what, key, "true or false"));
  return value->get<bool>();
}

Result<const Json*> array_at(const Json& object, const char* key, std::string_view what) {
  const Json* value = member(object, key);
  if (value != nullptr && !value->is_array()) return fail(wrong_type(what, key, "a list"));
  return value;
}

Result<const Json*> object_at(const Json& object, const char* key, std::string_view what) {
  const Json* value = member(object, key);
  if (value != nullptr && !value->is_object()) return fail(wrong_type(what, key, "an object"));
  return value;
}

Result<std::vector<std::string>> strings_at(const Json& object, const char* key,
                                            std::string_view what) {
  TRY_ASSIGN(const Json* list, array_at(object, key, what));
  std::vector<std::string> strings;
  if (list == nullptr) return strings;
  for (const Json& item : *list) {
    if (!item.is_string()) return fail(wrong_type(what, key, "a list of strings"));
    strings.push_back(item.get<std::string>());
  }
  return strings;
}

Result<std::map<std::string, std::string>> string_map_at(const Json& object, const char* key,
                                                         std::string_view what) {
  TRY_ASSIGN(const Json* map, object_at(object, key, what));
  std::map<std::string, std::string> strings;
  if (map == nullptr) return strings;
  for (const auto& [name, value] : map->items()) {
    if (!value.is_string()) return fail(wrong_type(what, key, "an object of strings"));
    strings.emplace(name, value.get<std::string>());
  }
  return strings;
}

Result<digest::Digest> read_digest(const std::string& text, std::string_view what) {
  auto digest = digest::Digest::parse(text);
  if (!digest && digest.error().kind() == ErrorKind::config)
    return fail(malformed(what, digest.error().message()));
  return digest;
}

Result<Descriptor> read_descriptor(const Json& value, std::string_view what) {
  if (!value.is_object()) return fail(malformed(what, "a descriptor is not an object"));
  Descriptor descriptor;
  TRY_ASSIGN(descriptor.media_type, string_at(value, "mediaType", what));
  if (descriptor.media_type.empty())
    return fail(malformed(what, "a descriptor has no `mediaType`"));
  TRY_ASSIGN(const std::string digest, string_at(value, "digest", what));
  TRY_ASSIGN(descriptor.digest, read_digest(digest, what));

  const auto size = value.find("size");
  if (size == value.end() || !size->is_number_unsigned() ||
      size->get<std::uint64_t>() > std::uint64_t{std::numeric_limits<std::int64_t>::max()})
    return fail(wrong_type(what, "size", "a size in bytes"));
  descriptor.size_bytes = size->get<std::uint64_t>();

  TRY_ASSIGN(descriptor.annotations, string_map_at(value, "annotations", what));
  TRY_ASSIGN(const Json* platform, object_at(value, "platform", what));
  if (platform != nullptr) {
    Platform read{.os = {}, .architecture = {}, .variant = {}};
    TRY_ASSIGN(read.os, string_at(*platform, "os", what));
    TRY_ASSIGN(read.architecture, string_at(*platform, "architecture", what));
    TRY_ASSIGN(read.variant, string_at(*platform, "variant", what));
    descriptor.platform = std::move(read);
  }
  return descriptor;
}

OrderedJson write_string_map(const std::map<std::string, std::string>& map) {
  OrderedJson json = OrderedJson::object();
  // Straight into the vector below: the keys are unique, and looking for them first is quadratic.
  auto& members = json.get_ref<OrderedJson::object_t&>();
  for (const auto& [name, value] : map) members.push_back({name, value});
  return json;
}

OrderedJson write_descriptor(const Descriptor& descriptor) {
  OrderedJson json;
  json["mediaType"] = descriptor.media_type;
  json["digest"] = to_string(descriptor.digest);
  json["size"] = descriptor.size_bytes;
  if (!descriptor.annotations.empty())
    json["annotations"] = write_string_map(descriptor.annotations);
  if (descriptor.platform) {
    json["platform"]["architecture"] = descriptor.platform->architecture;
    json["platform"]["os"] = descriptor.platform->os;
    if (!descriptor.platform->variant.empty())
      json["platform"]["variant"] = descriptor.platform->variant;
  }
  return json;
}

std::string print(const OrderedJson& json) {
  return json.dump(-1, ' ', /*ensure_ascii=*/false, OrderedJson::error_handler_t::replace);
}

}  // namespace cogbuild::image
