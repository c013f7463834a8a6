#include "ascii.hpp"

#include <cogbuild/python/pyproject.hpp>
#include <cogbuild/python/requirement.hpp>
#include <cogbuild/python/specifier.hpp>
#include <cogbuild/python/toml_shape.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <toml++/toml.h>

namespace cogbuild::python {
namespace {

Error malformed(std::string_view why) {
  return {ErrorKind::config, fmt::format("pyproject.toml {}", why)};
}

// A text value on one line, as a header field must be.
std::string one_line(std::string_view text) {
  std::string line(text);
  for (char& c : line)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return std::string(trim(line));
}

Result<std::string> text_of(const toml::node& node, std::string_view key) {
  const auto* text = node.as_string();
  if (text == nullptr) return fail(malformed(fmt::format("has a `{}` that is no text", key)));
  return one_line(text->get());
}

Result<std::vector<std::string>> texts_of(const toml::node& node, std::string_view key) {
  const auto* array = node.as_array();
  if (array == nullptr) return fail(malformed(fmt::format("has a `{}` that is no array", key)));
  std::vector<std::string> texts;
  texts.reserve(array->size());
  for (const toml::node& element : *array) {
    TRY_ASSIGN(auto text, text_of(element, key));
    texts.push_back(std::move(text));
  }
  return texts;
}

Result<std::vector<std::string>> requirements_of(const toml::node& node, std::string_view key) {
  TRY_ASSIGN(auto texts, texts_of(node, key));
  for (const std::string& text : texts) {
    if (auto requirement = Requirement::parse(text); !requirement)
      return fail(malformed(fmt::format("has a bad `{}`: {}", key, requirement.error().message())));
  }
  return texts;
}

Result<void> set_key(ProjectTable& project, std::string_view key, const toml::node& value) {
  if (key == "name") {
    TRY_ASSIGN(project.name_text, text_of(value, key));
    auto name = PackageName::parse(project.name_text);
    if (!name) return fail(malformed(fmt::format("has a bad `name`: {}", name.error().message())));
    project.name = *std::move(name);
  } else if (key == "version") {
    TRY_ASSIGN(const auto text, text_of(value, key));
    auto version = Version::parse(text);
    if (!version)
      return fail(malformed(fmt::format("has a bad `version`: {}", version.error().message())));
    project.version = *std::move(version);
  } else if (key == "requires-python") {
    TRY_ASSIGN(project.requires_python, text_of(value, key));
    if (auto set = SpecifierSet::parse(project.requires_python); !set)
      return fail(malformed(fmt::format("has a bad `requires-python`: {}", set.error().message())));
  } else if (key == "dependencies") {
    TRY_ASSIGN(project.dependencies, requirements_of(value, key));
  } else if (key == "optional-dependencies") {
    const auto* extras = value.as_table();
    if (extras == nullptr) return fail(malformed(fmt::format("has a `{}` that is no table", key)));
    for (const auto& [extra, requirements] : *extras) {
      if (const auto name = PackageName::parse(extra.str()); !name)
        return fail(malformed(fmt::format("has a bad extra: {}", name.error().message())));
      TRY_ASSIGN(project.optional_dependencies[std::string(extra.str())],
                 requirements_of(requirements, key));
    }
  } else if (key == "dynamic") {
    TRY_ASSIGN(project.dynamic, texts_of(value, key));
  }
  return {};
}

Result<std::optional<ProjectTable>> read(const toml::table& document) {
  const toml::node* node = document.get("project");
  if (node == nullptr) return std::nullopt;
  const auto* table = node->as_table();
  if (table == nullptr) return fail(malformed("has a `project` that is no table"));
  ProjectTable project;
  for (const auto& [key, value] : *table) TRY(set_key(project, key.str(), value));
  if (project.name.empty()) return fail(malformed("has a [project] without a name"));
  for (const std::string& key : project.dynamic)
    if (key == "name" || table->contains(key))
      return fail(malformed(fmt::format("says `{}` and calls it dynamic", key)));
  if (!project.version && !project.is_dynamic("version"))
    return fail(malformed("has a [project] without a version, nor is it dynamic"));
  return project;
}

}  // namespace

bool ProjectTable::is_dynamic(std::string_view key) const {
  return std::find(dynamic.begin(), dynamic.end(), key) != dynamic.end();
}

Result<std::optional<ProjectTable>> parse_pyproject(std::string_view text) {
  if (text.size() > kMaxPyprojectBytes)
    return fail(Error(ErrorKind::integrity,
                      fmt::format("pyproject.toml is larger than {} bytes", kMaxPyprojectBytes)));
  if (toml_nests_too_deeply(text)) return fail(malformed("nests its keys too deeply"));
  try {
    return read(toml::parse(text));
  } catch (const toml::parse_error& error) {
    return fail(malformed(fmt::format("is not valid TOML: line {}: {}", error.source().begin.line,
                                      one_line(error.description()))));
  }
}

}  // namespace cogbuild::python
