#include "validate.hpp"

#include "check_document.hpp"

#include <cogbuild/schema/openapi.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::schema {

namespace {

// Deeper documents are refused before anything walks through them.
constexpr std::size_t kMaxDepth = 200;

std::size_t nesting(std::string_view document) {
  std::size_t depth = 0;
  std::size_t deepest = 0;
  bool in_string = false;
  for (std::size_t at = 0; at < document.size(); ++at) {
    const char c = document[at];
    if (in_string) {
      if (c == '\\') ++at;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return deepest;
}

// The input that a pointer leads into: a property of the inputs, or the component of its choices.
const Input* input_at(std::string_view pointer, const std::vector<const Signature*>& signatures) {
  constexpr std::string_view kComponents = "/components/schemas/";
  if (!pointer.starts_with(kComponents)) return nullptr;
  pointer.remove_prefix(kComponents.size());
  for (const auto* signature : signatures) {
    const std::string_view inputs =
        signature->mode == Mode::train ? "TrainingInput/properties/" : "Input/properties/";
    std::string_view rest = pointer;
    const bool is_property = rest.starts_with(inputs);
    if (is_property) rest.remove_prefix(inputs.size());
    const auto name = rest.substr(0, rest.find('/'));
    const auto found = std::ranges::find(signature->inputs, name, &Input::name);
    if (found != signature->inputs.end() && (is_property || !found->choices.empty()))
      return &*found;
  }
  return nullptr;
}

Error to_error(const DocumentFault& fault, const std::string& file,
               const std::vector<const Signature*>& signatures) {
  const Input* input = input_at(fault.pointer, signatures);
  const std::string name = input != nullptr ? input->name : "#" + fault.pointer;
  Error error(ErrorKind::config, fmt::format("{}`{}`{}", fault.before, name, fault.after));
  if (input == nullptr)
    return std::move(error).at({.file = file, .line = 0, .column = 0, .line_text = {}});
  error = std::move(error).at(input->location);
  return fault.hint.empty() ? error : std::move(error).hint(fault.hint);
}

}  // namespace

Result<void> validate_document(std::string_view document, const std::string& file,
                               const std::vector<const Signature*>& signatures) {
  if (nesting(document) > kMaxDepth)
    return fail(Error(ErrorKind::config,
                      fmt::format("{} is nested deeper than {} levels", file, kMaxDepth)));
  const auto parsed = nlohmann::json::parse(document, nullptr, false);
  if (parsed.is_discarded() || !parsed.is_object())
    return fail(Error(ErrorKind::config, fmt::format("{} is not a JSON object", file)));
  std::optional<Error> all;
  for (const auto& fault : check_document(parsed)) {
    Error error = to_error(fault, file, signatures);
    all = all ? std::move(*all).also(std::move(error)) : std::move(error);
  }
  if (all) return fail(*std::move(all));
  return {};
}

Result<void> validate_openapi(std::string_view document, const std::string& file,
                              const Signature* signature) {
  std::vector<const Signature*> signatures;
  if (signature != nullptr) signatures.push_back(signature);
  return validate_document(document, file, signatures);
}

}  // namespace cogbuild::schema
