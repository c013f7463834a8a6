#include <cogbuild/base/debian_base.hpp>

#include <doctest/doctest.h>

#include <algorithm>

using namespace cogbuild;
using base::BaseLink;
using base::DebianBase;
using base::PythonOrigin;

namespace {

DebianBase composed(std::string python_version, std::string suite = {},
                    std::string architecture = "amd64") {
  auto composed = base::debian_base({.python_version = std::move(python_version),
                                     .suite = std::move(suite),
                                     .architecture = std::move(architecture)});
  REQUIRE(composed);
  return *std::move(composed);
}

bool has(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

TEST_CASE("native_suite: a codename or a number of Debian's; other names are images") {
  CHECK(base::native_suite("debian") == "");
  CHECK(base::native_suite("debian:bookworm") == "bookworm");
  CHECK(base::native_suite("debian:trixie") == "trixie");
  CHECK(base::native_suite("debian:12") == "bookworm");
  CHECK(base::native_suite("debian:13") == "trixie");
  CHECK(base::native_suite("debian:sid") == "sid");
  for (const auto* image : {"debian:bookworm-slim", "debian:", "debian:stable", "debian@sha256:00",
                            "debianish", "python:3.11", "docker.io/library/debian:bookworm", ""})
    CHECK_MESSAGE(!base::native_suite(image), image);
}

TEST_CASE("debian_base: which suite and which Python a version is met with") {
  struct Row {
    std::string asked{};
    std::string asked_suite{};
    std::string suite{};
    PythonOrigin origin = PythonOrigin::standalone;
    std::string release{};  // of a standalone build
  };
  constexpr auto kDebian = PythonOrigin::debian_packages;
  constexpr auto kStandalone = PythonOrigin::standalone;
  const std::vector<Row> rows = {
      {"3.11", "", "bookworm", kDebian, ""},
      {"3.13", "", "trixie", kDebian, ""},
      {"3.8", "", "bookworm", kStandalone, "3.8.20"},
      {"3.9", "", "bookworm", kStandalone, "3.9.25"},
      {"3.9", "bullseye", "bullseye", kDebian, ""},
      {"3.10", "", "bookworm", kStandalone, "3.10.21"},
      {"3.12", "", "bookworm", kStandalone, "3.12.14"},
      {"3.14", "", "bookworm", kStandalone, "3.14.7"},
      {"3.12", "trixie", "trixie", kStandalone, "3.12.14"},
      {"3.11", "trixie", "trixie", kStandalone, "3.11.16"},
      {"3.13", "bookworm", "bookworm", kStandalone, "3.13.15"},
      {"", "", "bookworm", kDebian, ""},
      {"", "trixie", "trixie", kDebian, ""},
      // A patch level is met exactly where there is such a build.
      {"3.11.2", "", "bookworm", kDebian, ""},
      {"3.13.5", "", "trixie", kDebian, ""},
      {"3.11.9", "", "bookworm", kStandalone, "3.11.9"},
      {"3.12.4", "trixie", "trixie", kStandalone, "3.12.4"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.asked);
    CAPTURE(row.asked_suite);
    for (const auto* architecture : {"amd64", "arm64"}) {
      const auto base = composed(row.asked, row.asked_suite, architecture);
      CHECK(base.suite == row.suite);
      CHECK(base.python_origin == row.origin);
      CHECK(base.warnings.empty());
      CHECK(base.python_packages.empty() == (row.origin == kStandalone));
      REQUIRE(base.standalone.has_value() == (row.origin == kStandalone));
      if (!base.standalone) continue;
      CHECK(base.standalone->version == row.release);
      CHECK(base.standalone->architecture ==
            (architecture == std::string_view("amd64") ? "x86_64" : "aarch64"));
    }
  }
}

TEST_CASE("debian_base: Debian's Python comes with its names and one place for wheels") {
  const auto base = composed("3.11");
  CHECK(base.python_series == "3.11");
  CHECK(base.python_packages == std::vector<std::string>{"python3-distutils", "python3.11"});
  CHECK(base.links == std::vector<BaseLink>{
                          {"usr/bin/python", "python3"},
                          {"usr/bin/python3", "python3.11"},
                          {"usr/local/bin/python", "/usr/bin/python3.11"},
                          {"usr/local/bin/python3", "/usr/bin/python3.11"},
                          {"usr/local/lib/python3.11/dist-packages", "site-packages"},
                          {"usr/sbin/tini", "../bin/tini"},
                      });
  CHECK(base.dropped == std::vector<std::string>{"usr/lib/python3.11/EXTERNALLY-MANAGED"});
  CHECK(base.reasons == std::vector<std::string>{"Python 3.11 is Debian bookworm's own"});

  const auto newer = composed("3.13");
  CHECK(newer.python_packages == std::vector<std::string>{"python3.13"});
  CHECK(newer.links[4] == BaseLink{"usr/local/lib/python3.13/dist-packages", "site-packages"});
}

TEST_CASE("debian_base: a standalone Python brings its own names and needs only certificates") {
  const auto base = composed("3.12");
  CHECK(base.links == std::vector<BaseLink>{{"etc/ssl/cert.pem", "certs/ca-certificates.crt"},
                                            {"usr/sbin/tini", "../bin/tini"}});
  CHECK(base.dropped.empty());
  CHECK(base.reasons ==
        std::vector<std::string>{
            "Python 3.12.14 is a standalone build, as Debian bookworm has no 3.12"});
  CHECK(composed("3.11.9").reasons ==
        std::vector<std::string>{"Python 3.11.9 is a standalone build, as `python_version` asks "
                                 "for this very release"});
}

TEST_CASE("debian_base: the distribution's packages do not depend on the Python") {
  const auto base = composed("3.11");
  CHECK(base.packages == composed("3.12").packages);
  CHECK(base.packages == composed("3.13").packages);
  CHECK(std::ranges::is_sorted(base.packages));
  for (const auto* name :
       {"bash", "ca-certificates", "coreutils", "libc-bin", "libstdc++6", "tini", "tzdata"})
    CHECK_MESSAGE(has(base.packages, name), name);
  CHECK(!has(base.packages, ""));
}

TEST_CASE("debian_base: more packages join the distribution's, each once") {
  const auto plain = composed("3.11");
  const auto base =
      base::debian_base({.python_version = "3.11", .packages = {"git", "bash", "curl=8.*", "git"}});
  REQUIRE(base);
  CHECK(base->packages.size() == plain.packages.size() + 2);
  CHECK(has(base->packages, "git"));
  CHECK(has(base->packages, "curl=8.*"));
  CHECK(std::ranges::is_sorted(base->packages));
}

TEST_CASE("debian_base: a patch level without a build is met by its series, and said so") {
  auto base = composed("3.11.0");
  CHECK(base.python_origin == PythonOrigin::debian_packages);
  CHECK(base.warnings ==
        std::vector<std::string>{"there is no build of Python 3.11.0 to compose a base with; "
                                 "Debian's Python 3.11.2 is taken"});
  base = composed("3.12.99");
  REQUIRE(base.standalone);
  CHECK(base.standalone->version == "3.12.14");
  CHECK(base.warnings ==
        std::vector<std::string>{"there is no build of Python 3.12.99 to compose a base with; "
                                 "Python 3.12.14 is taken"});
}

TEST_CASE("debian_base: an archive that the user names is no matter of the table") {
  const auto base = base::debian_base(
      {.python_version = "3.15", .suite = "trixie", .python_archive_is_given = true});
  REQUIRE(base);
  CHECK(base->suite == "trixie");
  CHECK(base->python_origin == PythonOrigin::standalone);
  CHECK(!base->standalone);
  CHECK(base->python_packages.empty());
  CHECK(base->reasons ==
        std::vector<std::string>{"Python 3.15 comes from the archive that is named for it"});
}

TEST_CASE("debian_base: what cannot be composed says what can") {
  auto failed = base::debian_base({.python_version = "3.15"});
  REQUIRE(!failed);
  CHECK(failed.error().kind() == ErrorKind::config);
  CHECK(failed.error().message() == "there is no Python 3.15 to compose a base with");
  CHECK(failed.error().hints() ==
        std::vector<std::string>{
            "set `python_version` to one of 3.8 to 3.14",
            "or build on an image that has it, such as --base python:3.15-slim"});

  failed = base::debian_base({.python_version = "three"});
  REQUIRE(!failed);
  CHECK(failed.error().message() == "`three` is no version of Python");
  for (const auto* text :
       {"3", "3.", ".3", "3.11.", "3.11.2.1", "3.11rc1", "-3.11", "99999999999.1", "3.11 "})
    CHECK_MESSAGE(!base::debian_base({.python_version = text}), text);

  failed = base::debian_base({.suite = "forky"});
  REQUIRE(!failed);
  CHECK(failed.error().message() == "which Python the suite `forky` has is not known here");

  failed = base::debian_base({.python_version = "3.11", .architecture = "riscv64"});
  REQUIRE(!failed);
  CHECK(failed.error().kind() == ErrorKind::unsupported);
  CHECK(failed.error().message() == "a base for `riscv64` cannot be composed");
}

TEST_CASE("suite_python, suite_glibc: of the suites that are known") {
  CHECK(base::suite_python("bookworm") == "3.11");
  CHECK(base::suite_python("trixie") == "3.13");
  CHECK(base::suite_python("forky").empty());
  CHECK(base::suite_python("noble").empty());
  CHECK(base::suite_glibc("bookworm") == "2.36");
  CHECK(base::suite_glibc("trixie") == "2.41");
  CHECK(base::suite_glibc("noble").empty());
}

TEST_CASE("base_environment: the variables, sorted") {
  const auto variables = base::base_environment("3.11.2");
  CHECK(std::ranges::is_sorted(variables));
  CHECK(variables.back() == std::pair<std::string, std::string>{"PYTHON_VERSION", "3.11.2"});
}
