#include "ascii.hpp"

#include <cogbuild/python/metadata.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace cogbuild::python {
namespace {

constexpr std::size_t kMaxRequirements = 10'000;

// The next line without its line end, which may be LF or CRLF; removes it from `rest`.
std::string_view take_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

Result<void> set_field(Metadata& metadata, const std::string& field, std::string_view value) {
  if (field == "metadata-version") {
    metadata.metadata_version = std::string(value);
  } else if (field == "name" && metadata.name.empty()) {
    metadata.name_text = std::string(value);
    TRY_ASSIGN(metadata.name, PackageName::parse(value));
  } else if (field == "version") {
    TRY_ASSIGN(metadata.version, Version::parse(value));
  } else if (field == "requires-python") {
    TRY_ASSIGN(metadata.requires_python, SpecifierSet::parse(value));
  } else if (field == "requires-dist") {
    if (metadata.requires_dist.size() == kMaxRequirements) {
      return fail(Error(ErrorKind::config, "it has too many `Requires-Dist` fields"));
    }
    TRY_ASSIGN(auto requirement, Requirement::parse(value));
    metadata.requires_dist.push_back(std::move(requirement));
  } else if (field == "provides-extra") {
    metadata.provides_extras.push_back(normalize_name(value));
  } else if (field == "dynamic") {
    metadata.dynamic.push_back(to_lower(value));
  }
  return {};
}

// Hands each header field, its name in lower case and its value unfolded, to `take`.
template <class Take>
Result<void> for_each_field(std::string_view text, Take take) {
  if (text.size() > kMaxMetadataBytes) {
    return fail(Error(ErrorKind::integrity,
                      fmt::format("METADATA is larger than {} bytes", kMaxMetadataBytes)));
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (trim(line).empty()) break;  // the body follows
    const auto colon = line.find(':');
    if (is_space(line.front()) || colon == std::string_view::npos) continue;
    const std::string field = to_lower(trim(line.substr(0, colon)));
    std::string value(trim(line.substr(colon + 1)));
    // A folded field goes on in lines that start with white space.
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
      const auto more = trim(take_line(text));
      if (more.empty()) continue;
      if (!value.empty()) value += ' ';
      value += more;
    }
    TRY(take(field, value));
  }
  return {};
}

}  // namespace

Result<Metadata> parse_metadata(std::string_view text) {
  Metadata metadata;
  bool has_version = false;
  TRY(for_each_field(text, [&](const std::string& field, const std::string& value) -> Result<void> {
    has_version = has_version || field == "version";
    if (auto set = set_field(metadata, field, value); !set) {
      return fail(std::move(set).error().during(fmt::format("reading `{}` of METADATA", field)));
    }
    return {};
  }));
  if (metadata.name.empty() || !has_version) {
    return fail(Error(ErrorKind::config, fmt::format("METADATA has no `{}`",
                                                     metadata.name.empty() ? "Name" : "Version")));
  }
  return metadata;
}

Result<std::string> metadata_fields(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kFields = {{
      {"metadata-version", "Metadata-Version"},
      {"name", "Name"},
      {"version", "Version"},
      {"requires-python", "Requires-Python"},
      {"requires-dist", "Requires-Dist"},
      {"provides-extra", "Provides-Extra"},
      {"dynamic", "Dynamic"},
  }};
  std::string kept;
  TRY(for_each_field(text, [&](const std::string& field, const std::string& value) -> Result<void> {
    const auto* const found = std::find_if(kFields.begin(), kFields.end(),
                                           [&](const auto& known) { return known.first == field; });
    if (found != kFields.end()) kept += fmt::format("{}: {}\n", found->second, value);
    return {};
  }));
  return kept;
}

}  // namespace cogbuild::python
