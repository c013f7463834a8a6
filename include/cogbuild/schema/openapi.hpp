#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/schema/signature.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace cogbuild::schema {

// The OpenAPI 3.0.2 document of one callable, byte for byte as Cog writes it (spec/cog.md 5.4):
// compact JSON, no line end. `cog_version` becomes info.version.
std::string openapi_document(const Signature& signature, std::string_view cog_version);

// Of both: merged, every object sorted by key, indented by two.
std::string openapi_document(const Signature& predict, const Signature& train,
                             std::string_view cog_version);

// A JSON document with its keys in their order, indented by two; what is no JSON comes back as it
// is.
std::string indented(const std::string& document);

// What Cog's validation of a schema refuses: a document that is not OpenAPI 3.0, a default outside
// its own limits or choices, a pattern that RE2 does not take. `file` is named in errors; faults of
// an input stand at its place where `signature` is given. Error: config, every fault in `others`.
Result<void> validate_openapi(std::string_view document, const std::string& file,
                              const Signature* signature = nullptr);

// What describes a project: `predict` and `train` as in cog.yaml, either may be empty.
struct Described {
  std::optional<Signature> predict{};
  std::optional<Signature> train{};
  std::string document{};  // validated
};
// Errors: as of read_signature and validate_openapi; config where both references are empty.
Result<Described> describe_project(const io::Tree& project, const std::string& predict,
                                   const std::string& train, std::string_view cog_version);

}  // namespace cogbuild::schema
