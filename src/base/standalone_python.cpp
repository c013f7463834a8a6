#include "python_release.hpp"
#include "standalone_builds.hpp"

#include <cogbuild/base/standalone_python.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace cogbuild::base {
namespace {

using standalone_builds::kRows;
using standalone_builds::Row;

std::optional<standalone_builds::Machine> machine_of(std::string_view architecture) {
  if (architecture == "x86_64") return standalone_builds::x86;
  if (architecture == "aarch64") return standalone_builds::arm;
  return std::nullopt;
}

// Rows of one series and machine, ascending by release.
std::vector<const Row*> rows_of(const PythonRelease& release, std::string_view architecture) {
  std::vector<const Row*> rows;
  const auto machine = machine_of(architecture);
  if (release.major != 3 || !machine) return rows;
  for (const Row& row : kRows)
    if (row.minor == release.minor && row.machine == *machine) rows.push_back(&row);
  return rows;
}

std::string version_of(const Row& row) { return fmt::format("3.{}.{}", row.minor, row.patch); }

std::optional<StandalonePython> describe(const Row& row, std::string_view architecture) {
  auto digest = digest::Digest::parse_hex(row.sha256);
  if (!digest) return std::nullopt;
  StandalonePython python{.version = version_of(row),
                          .architecture = std::string(architecture),
                          .tag = fmt::format("{}", row.tag),
                          .digest = *digest};
  python.file_name = fmt::format(
      "cpython-{}%2B{}-{}-unknown-linux-gnu-install_only{}.tar.gz", python.version, row.tag,
      architecture, row.tag >= standalone_builds::kFirstStrippedTag ? "_stripped" : "");
  python.location = fmt::format("{}/{}/{}", kStandaloneDownloads, python.tag, python.file_name);
  return python;
}

}  // namespace

std::optional<StandalonePython> find_standalone(std::string_view version,
                                                std::string_view architecture) {
  const auto release = PythonRelease::parse(version);
  if (!release) return std::nullopt;
  const auto rows = rows_of(*release, architecture);
  if (rows.empty()) return std::nullopt;
  if (!release->patch) return describe(*rows.back(), architecture);
  const auto row = std::ranges::find(rows, *release->patch, &Row::patch);
  return row == rows.end() ? std::nullopt : describe(**row, architecture);
}

Result<ChosenPython> choose_standalone(std::string_view python_version,
                                       std::string_view architecture) {
  TRY_ASSIGN(const auto release, PythonRelease::require(python_version));
  if (auto exact = find_standalone(python_version, architecture))
    return ChosenPython{.python = *std::move(exact)};
  auto newest = find_standalone(release.series(), architecture);
  if (!newest)
    return fail(Error(ErrorKind::config,
                      fmt::format("there is no Python {} to compose a base with", release.series()))
                    .hint("set `python_version` to one of 3.8 to 3.14")
                    .hint(fmt::format("or build on an image that has it, such as --base "
                                      "python:{}-slim",
                                      release.series())));
  std::string warning =
      fmt::format("there is no build of Python {} to compose a base with; Python {} is taken",
                  python_version, newest->version);
  return ChosenPython{.python = *std::move(newest), .warning = std::move(warning)};
}

std::vector<std::string> standalone_releases(std::string_view series,
                                             std::string_view architecture) {
  std::vector<std::string> releases;
  const auto release = PythonRelease::parse(series);
  if (!release) return releases;
  for (const Row* row : rows_of(*release, architecture)) releases.push_back(version_of(*row));
  return releases;
}

std::string mirrored(std::string_view location, std::string_view mirror) {
  while (mirror.ends_with('/')) mirror.remove_suffix(1);
  if (mirror.empty() || !location.starts_with(kStandaloneDownloads)) return std::string(location);
  const auto rest = location.substr(kStandaloneDownloads.size());
  if (!rest.starts_with('/')) return std::string(location);
  return fmt::format("{}{}", mirror, rest);
}

}  // namespace cogbuild::base
