#include "schema_file.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cogbuild::build {

Result<std::string> compact_json(const std::string& text, const std::filesystem::path& file) {
  const auto document = nlohmann::ordered_json::parse(text, nullptr, false);
  if (document.is_discarded() || !document.is_object())
    return fail(Error(ErrorKind::config, fmt::format("{} is not a JSON object", file.string()))
                    .hint("--openapi-schema takes the OpenAPI schema of the model as JSON"));
  if (!document.contains("openapi") || !document.contains("paths"))
    return fail(Error(ErrorKind::config,
                      fmt::format("{} is not an OpenAPI document: it has no `{}`", file.string(),
                                  document.contains("openapi") ? "paths" : "openapi")));
  return document.dump();
}

}  // namespace cogbuild::build
