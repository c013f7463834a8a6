#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/image/descriptor.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::image {

using Json = nlohmann::json;  // read: keys in a tree, so that many keys cost no quadratic time
using OrderedJson = nlohmann::ordered_json;  // written: keys in the order of insertion

// The root object of a document. Refuses more than `limit_bytes`, malformed JSON, anything but an
// object, duplicate keys, and nesting deeper than 64. `what` names the document in messages.
// Error: integrity.
Result<Json> parse_object(std::string_view text, std::uint64_t limit_bytes, std::string_view what);

// Typed members of `object`; one that is absent or null is empty. Another type is an integrity
// error that names `what` and the key.
Result<std::string> string_at(const Json& object, const char* key, std::string_view what);
Result<bool> bool_at(const Json& object, const char* key, std::string_view what);
Result<std::vector<std::string>> strings_at(const Json& object, const char* key,
                                            std::string_view what);
Result<std::map<std::string, std::string>> string_map_at(const Json& object, const char* key,
                                                         std::string_view what);
// A member that must be an array or object when present; nullptr when absent or null.
Result<const Json*> array_at(const Json& object, const char* key, std::string_view what);
Result<const Json*> object_at(const Json& object, const char* key, std::string_view what);

Result<Descriptor> read_descriptor(const Json& value, std::string_view what);
OrderedJson write_descriptor(const Descriptor& descriptor);
OrderedJson write_string_map(const std::map<std::string, std::string>& map);

// A digest in a document: what is malformed there is an integrity error, not a wrong input.
Result<digest::Digest> read_digest(const std::string& text, std::string_view what);

// Compact; bytes that are not UTF-8 become U+FFFD.
std::string print(const OrderedJson& json);

}  // namespace cogbuild::image
