#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/python/static_metadata.hpp>

#include <filesystem>
#include <string>

namespace cogbuild::pypi {

struct SourceArchive {
  std::filesystem::path path{};
  std::string file_name{};     // tells the format, and names the archive in messages
  std::string subdirectory{};  // of the project below the archive's one directory; empty: itself
};

// METADATA of a source archive that was not built (python/static_metadata.hpp). Reads PKG-INFO and
// pyproject.toml of `NAME-VERSION/`, in memory: nothing is unpacked to disk. Where the archive has
// several directories at its top, the one named for `identity` counts. Errors: unsupported, in
// words that follow the file's name; integrity (damaged or hostile archive, another name or
// version); config; io.
Result<std::string> read_source_metadata(const SourceArchive& archive,
                                         const python::SourceIdentity& identity);

// What the file name of a source archive tells; nothing of it when it does not say.
python::SourceIdentity source_identity(const std::string& file_name);

}  // namespace cogbuild::pypi
