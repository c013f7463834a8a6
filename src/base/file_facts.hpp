#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/io/byte_source.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::base {

// What a few files of a base say. A fact belongs to the file it was read from and goes with it.
enum class FactKind {
  os_name,         // value: PRETTY_NAME
  debian_package,  // name, version; of the few packages that matter
  alpine_package,  // name, version; of the few packages that matter
  distribution,    // name, version
  python_release,  // value: PY_VERSION of patchlevel.h
  glibc,           // value: `2.36`, empty when not known
  musl,            // value: always empty
};

struct Fact {
  FactKind kind = FactKind::os_name;
  std::string name{};
  std::string value{};
};

using FactsByPath = std::map<std::string, std::vector<Fact>>;

enum class FileKind {
  os_release,
  debian_status,
  alpine_installed,
  distribution_metadata,
  patchlevel,
  glibc_library,
  musl_library,
};

// What kind of interesting file lies at a canonical path; nothing for all others.
std::optional<FileKind> file_kind(std::string_view path);

// Reads the file's facts. Errors: those of `content`; a file that makes no sense has no facts.
Result<std::vector<Fact>> read_facts(FileKind kind, std::string_view path, io::ByteSource& content);

// `usr/lib/python3/dist-packages` for the metadata of a distribution that lies there.
std::string site_directory_of(std::string_view metadata_path);

}  // namespace cogbuild::base
