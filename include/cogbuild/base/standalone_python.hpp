#pragma once

#include <cogbuild/digest/digest.hpp>
#include <cogbuild/error/result.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Standalone builds of CPython: archives whose `python/` is a whole prefix that runs wherever it is
// put, given glibc alone. The table is python-build-standalone's, Linux with glibc.
namespace cogbuild::base {

struct StandalonePython {
  std::string version{};       // `3.12.11`
  std::string architecture{};  // as the kernel says it: `x86_64`, `aarch64`
  std::string tag{};           // the day of the build, `20250807`
  std::string file_name{};     // as the URL spells it
  std::string location{};      // URL
  digest::Digest digest{};     // SHA-256 of the archive
  friend bool operator==(const StandalonePython&, const StandalonePython&) = default;
};

// The build of a release (`3.12.4`), or of the newest release of a series (`3.12`).
std::optional<StandalonePython> find_standalone(std::string_view version,
                                                std::string_view architecture);
struct ChosenPython {
  StandalonePython python{};
  std::string warning{};  // one line; empty: it is the very one that was asked for
  friend bool operator==(const ChosenPython&, const ChosenPython&) = default;
};

// The build for cog.yaml's `python_version`: of its patch level if there is one, else the newest of
// its series, with a warning. Error: config, saying what there is.
Result<ChosenPython> choose_standalone(std::string_view python_version,
                                       std::string_view architecture);

// Every release of a series (`3.12`) that there is a build of, ascending.
std::vector<std::string> standalone_releases(std::string_view series,
                                             std::string_view architecture);

inline constexpr std::string_view kStandaloneDownloads =
    "https://github.com/astral-sh/python-build-standalone/releases/download";

// The location with `mirror` (a URL or a path) in the place of kStandaloneDownloads, as
// UV_PYTHON_INSTALL_MIRROR means it; unchanged without a mirror, or if it lies elsewhere.
std::string mirrored(std::string_view location, std::string_view mirror);

}  // namespace cogbuild::base
