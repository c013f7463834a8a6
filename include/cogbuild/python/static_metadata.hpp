#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/python/metadata.hpp>
#include <cogbuild/python/package_name.hpp>
#include <cogbuild/python/pyproject.hpp>
#include <cogbuild/python/version.hpp>

#include <optional>
#include <string>

namespace cogbuild::python {

// The files at the root of a project's source that may say what it requires.
struct SourceFiles {
  std::optional<std::string> pkg_info{};      // PKG-INFO; of an archive made by a build alone
  std::optional<std::string> pyproject{};     // pyproject.toml
  std::optional<std::string> requires_txt{};  // NAME.egg-info/requires.txt
  bool has_egg_info = false;                  // NAME.egg-info/SOURCES.txt: setuptools was at work
  friend bool operator==(const SourceFiles&, const SourceFiles&) = default;
};

// What is known of a source before it is read: from a file name or a requirement.
struct SourceIdentity {
  PackageName name{};                // empty: unknown
  std::optional<Version> version{};  // nothing: unknown
};

// Whether a source's metadata is what any wheel built from it will say: Metadata-Version 2.2 or
// later within 2, and none of Requires-Dist, Requires-Python and Provides-Extra is Dynamic. Core
// metadata specification, "Dynamic".
bool is_final(const Metadata& pkg_info);

// The project's table as METADATA would say it, one extra's requirements each under its marker.
// `version` counts where the table's own is dynamic.
std::string to_metadata(const ProjectTable& project, const Version& version);

// METADATA of a source that was not built: of PKG-INFO if that is final, else made of a static
// pyproject.toml, else of what setuptools left in the archive (egg_info.hpp). Errors: unsupported,
// in words that follow the source's name (`must be built to know what it requires`); integrity when
// name or version are not `identity`'s; config when the file that would tell is malformed.
Result<std::string> static_metadata(const SourceFiles& files, const SourceIdentity& identity);

}  // namespace cogbuild::python
