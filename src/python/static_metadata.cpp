#include "under_marker.hpp"

#include <cogbuild/python/egg_info.hpp>
#include <cogbuild/python/requirement.hpp>
#include <cogbuild/python/static_metadata.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace cogbuild::python {
namespace {

constexpr std::array<std::string_view, 3> kDecisiveFields = {"requires-dist", "requires-python",
                                                             "provides-extra"};
constexpr std::array<std::string_view, 3> kDecisiveKeys = {"dependencies", "optional-dependencies",
                                                           "requires-python"};

Result<void> check_identity(const PackageName& name, const std::string& name_text,
                            const Version& version, const SourceIdentity& identity) {
  if (!identity.name.empty() && name != identity.name)
    return fail(Error(ErrorKind::integrity, fmt::format("says that it is `{}`, not `{}`", name_text,
                                                        to_string(identity.name))));
  if (identity.version && version != *identity.version)
    return fail(
        Error(ErrorKind::integrity, fmt::format("says that it is version {}, not {}",
                                                to_string(version), to_string(*identity.version))));
  return {};
}

Error must_be_built(std::string_view why) {
  return {ErrorKind::unsupported, fmt::format("must be built to know what it requires: {}", why)};
}

// Nothing when PKG-INFO leaves the decision to a build; then `why` says so.
Result<std::optional<std::string>> of_pkg_info(const std::string& text,
                                               const SourceIdentity& identity, std::string& why) {
  auto metadata = parse_metadata(text);
  if (!metadata) {
    why = fmt::format("its PKG-INFO is unusable ({})", metadata.error().message());
    return std::nullopt;
  }
  TRY(check_identity(metadata->name, metadata->name_text, metadata->version, identity));
  if (is_final(*metadata)) return text;
  why = "its PKG-INFO is not final";
  return std::nullopt;
}

Result<std::optional<std::string>> of_pyproject(const std::string& text,
                                                const SourceIdentity& identity, std::string& why) {
  TRY_ASSIGN(const auto project, parse_pyproject(text));
  if (!project) {
    why = "its pyproject.toml has no [project] table";
    return std::nullopt;
  }
  for (const std::string_view key : kDecisiveKeys) {
    if (!project->is_dynamic(key)) continue;
    why = fmt::format("`{}` is dynamic in its pyproject.toml", key);
    return std::nullopt;
  }
  const std::optional<Version> version = project->version ? project->version : identity.version;
  if (!version) {
    why = "`version` is dynamic in its pyproject.toml";
    return std::nullopt;
  }
  TRY(check_identity(project->name, project->name_text, *version, identity));
  return to_metadata(*project, *version);
}

// Plain distutils, which knows no requirements: it writes these versions of PKG-INFO and nothing
// beside it.
bool is_of_distutils(const SourceFiles& files, const Metadata& pkg_info) {
  const bool is_old = pkg_info.metadata_version == "1.0" || pkg_info.metadata_version == "1.1";
  return is_old && !files.has_egg_info && !files.requires_txt && !files.pyproject;
}

// What setuptools wrote when it made the archive. Without a list of requirements beside the rest
// there were none.
Result<std::optional<std::string>> of_egg_info(const SourceFiles& files,
                                               const SourceIdentity& identity) {
  if (!files.pkg_info) return std::nullopt;
  const auto metadata = parse_metadata(*files.pkg_info);
  if (!metadata) return std::nullopt;
  if (!files.requires_txt && !files.has_egg_info && !is_of_distutils(files, *metadata))
    return std::nullopt;
  TRY(check_identity(metadata->name, metadata->name_text, metadata->version, identity));
  auto text = metadata_of_egg_info(*metadata, files.requires_txt.value_or(""));
  if (!text) return std::nullopt;
  return *std::move(text);
}

}  // namespace

bool is_final(const Metadata& pkg_info) {
  const auto version = Version::parse(pkg_info.metadata_version);
  if (!version || version->segment(0) != 2 || version->segment(1) < 2) return false;
  return std::none_of(kDecisiveFields.begin(), kDecisiveFields.end(), [&](std::string_view field) {
    return std::find(pkg_info.dynamic.begin(), pkg_info.dynamic.end(), field) !=
           pkg_info.dynamic.end();
  });
}

std::string to_metadata(const ProjectTable& project, const Version& version) {
  std::string text = fmt::format("Metadata-Version: 2.2\nName: {}\nVersion: {}\n",
                                 project.name_text, to_string(version));
  if (!project.requires_python.empty())
    text += fmt::format("Requires-Python: {}\n", project.requires_python);
  for (const auto& requirement : project.dependencies)
    text += fmt::format("Requires-Dist: {}\n", requirement);
  for (const auto& [extra, requirements] : project.optional_dependencies) {
    text += fmt::format("Provides-Extra: {}\n", normalize_name(extra));
    for (const auto& requirement : requirements)
      text += fmt::format("Requires-Dist: {}\n", under_extra(requirement, extra));
  }
  return text;
}

Result<std::string> static_metadata(const SourceFiles& files, const SourceIdentity& identity) {
  std::string why = "it has no pyproject.toml";
  if (files.pkg_info) {
    TRY_ASSIGN(auto text, of_pkg_info(*files.pkg_info, identity, why));
    if (text) return *std::move(text);
  }
  if (files.pyproject) {
    TRY_ASSIGN(auto text, of_pyproject(*files.pyproject, identity, why));
    if (text) return *std::move(text);
  }
  TRY_ASSIGN(auto text, of_egg_info(files, identity));
  if (text) return *std::move(text);
  return fail(must_be_built(why));
}

}  // namespace cogbuild::python
