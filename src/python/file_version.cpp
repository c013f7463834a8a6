#include <cogbuild/python/file_version.hpp>
#include <cogbuild/python/wheel_name.hpp>

#include <utility>

namespace cogbuild::python {

std::optional<Version> file_version(const PackageName& project, const std::string& file_name) {
  if (is_wheel_file_name(file_name)) {
    auto wheel = WheelName::parse(file_name);
    if (!wheel || wheel->name != project) return std::nullopt;
    return std::move(wheel->version);
  }
  if (!is_source_archive_file_name(file_name)) return std::nullopt;
  auto source = SdistName::parse(file_name);
  if (!source || source->name != project) return std::nullopt;
  return std::move(source->version);
}

}  // namespace cogbuild::python
