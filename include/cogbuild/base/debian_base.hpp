#pragma once

#include <cogbuild/base/standalone_python.hpp>
#include <cogbuild/error/result.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What a base composed from Debian's packages is made of: names only, which packages these bring
// with them is for the solver.
namespace cogbuild::base {

// The suite of a base named `debian` or `debian:SUITE`, SUITE a codename or a release's number
// (`debian:12` is bookworm). `debian` alone: empty, so that the Python decides. None: it is the
// name of an image (`debian:bookworm-slim`, `python:3.12`).
std::optional<std::string> native_suite(std::string_view base);

struct DebianBaseRequest {
  std::string python_version{};          // `3.11`, `3.11.9`; empty: the suite's own
  std::string suite{};                   // codename; empty: by the Python
  std::vector<std::string> packages{};   // more wishes, as the user wrote them
  std::string architecture = "amd64";    // Debian's: `amd64`, `arm64`
  bool python_archive_is_given = false;  // the user names an archive of the interpreter himself
  friend bool operator==(const DebianBaseRequest&, const DebianBaseRequest&) = default;
};

struct BaseLink {
  std::string path{};    // canonical, without leading slash
  std::string target{};  // verbatim
  friend bool operator==(const BaseLink&, const BaseLink&) = default;
};

enum class PythonOrigin { debian_packages, standalone };

struct DebianBase {
  std::string suite{};                  // codename
  std::vector<std::string> packages{};  // wishes of the distribution, sorted, each once
  PythonOrigin python_origin = PythonOrigin::standalone;
  std::vector<std::string> python_packages{};  // wishes of the interpreter, sorted
  // Of PythonOrigin::standalone; none if the user names the archive himself.
  std::optional<StandalonePython> standalone{};
  std::string python_series{};    // `3.11`
  std::vector<BaseLink> links{};  // sorted by path; win over the packages' files
  // Files of the packages that stay out of the image, canonical, sorted.
  std::vector<std::string> dropped{};
  std::vector<std::string> reasons{};   // one line each, for `--explain base`
  std::vector<std::string> warnings{};  // one line each
  friend bool operator==(const DebianBase&, const DebianBase&) = default;
};

// Debian's own Python where the suite has the version that is asked for, else a standalone build:
// base and Python are independent of each other. A patch level is met exactly if there is such a
// standalone build, or else by the series, with a warning.
// Errors: config (no such Python); unsupported (another architecture).
Result<DebianBase> debian_base(const DebianBaseRequest& request);

// The suite's own Python (`3.11` of bookworm); empty: none is known.
std::string_view suite_python(std::string_view suite);
// The suite's C library (`2.36` of bookworm); empty: not known.
std::string_view suite_glibc(std::string_view suite);
inline constexpr std::string_view kDefaultSuite = "bookworm";

// The variables of the container of either kind of Python, sorted by name. `python_release`:
// `3.11.2`.
std::vector<std::pair<std::string, std::string>> base_environment(std::string_view python_release);

}  // namespace cogbuild::base
