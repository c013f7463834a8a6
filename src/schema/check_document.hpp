#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace cogbuild::schema {

// One fault of a document. The message is `before`, then what stands at `pointer`, then `after`.
struct DocumentFault {
  std::string pointer{};  // RFC 6901, without `#`
  std::string before{};
  std::string after{};
  std::string hint{};
};

// What keeps it from being an OpenAPI document: unknown and missing fields, values of another type,
// references to nothing, patterns that are not RE2, defaults and examples outside their schemas,
// paths that disagree with their parameters. In the order of the document's sorted keys. Of a
// document of 3.1 or later, whose schemas are JSON Schema 2020-12, fields and values are not
// judged.
std::vector<DocumentFault> check_document(const nlohmann::json& document);

}  // namespace cogbuild::schema
