#include <cogbuild/archive/zip_directory.hpp>
#include <cogbuild/pypi/wheel_metadata.hpp>
#include <cogbuild/python/metadata.hpp>

#include <fmt/format.h>

namespace cogbuild::pypi {

bool is_wheel_metadata(std::string_view member) {
  return member.ends_with(".dist-info/METADATA") && member.find('/') == member.rfind('/');
}

Result<std::string> read_wheel_metadata(const std::filesystem::path& wheel) {
  TRY_ASSIGN(const auto directory, archive::ZipDirectory::open(wheel, wheel.filename().string()));
  const archive::ZipMember* found = nullptr;
  for (const auto& member : directory.members()) {
    if (!is_wheel_metadata(member.name)) continue;
    if (found != nullptr)
      return fail(Error(ErrorKind::integrity,
                        fmt::format("`{}` has two METADATA files", directory.name())));
    found = &member;
  }
  if (found == nullptr)
    return fail(Error(ErrorKind::integrity, fmt::format("`{}` has no METADATA", directory.name())));
  return directory.read(*found, python::kMaxMetadataBytes);
}

}  // namespace cogbuild::pypi
