#include <cogbuild/python/static_metadata.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace cogbuild;
using python::SourceFiles;
using python::SourceIdentity;
using python::static_metadata;

namespace {

SourceIdentity identity(const std::string& name = "x", const std::string& version = "1.0") {
  SourceIdentity known;
  if (!name.empty()) known.name = python::PackageName::parse(name).value();
  if (!version.empty()) known.version = python::Version::parse(version).value();
  return known;
}

std::string pkg_info(const std::string& version, const std::string& lines = {}) {
  return "Metadata-Version: " + version + "\nName: X\nVersion: 1\nRequires-Dist: numpy\n" + lines;
}

const std::string kProject =
    "[project]\nname='X'\nversion='1.0'\nrequires-python='>=3.8'\ndependencies=['torch']\n";
const std::string kOfProject =
    "Metadata-Version: 2.2\nName: X\nVersion: 1.0\nRequires-Python: >=3.8\nRequires-Dist: torch\n";

}  // namespace

TEST_CASE("is_final: from 2.2 on, unless a field that decides is dynamic") {
  struct Case {
    std::string text{};
    bool final = false;
  };
  for (const Case& given :
       std::vector<Case>{{pkg_info("1.0"), false},
                         {pkg_info("1.2"), false},
                         {pkg_info("2.1"), false},
                         {pkg_info("2.2"), true},
                         {pkg_info("2.3"), true},
                         {pkg_info("2.4"), true},
                         {pkg_info("2.6"), true},
                         {pkg_info("2.10"), true},
                         {pkg_info("3.0"), false},
                         {pkg_info("two"), false},
                         {pkg_info("2.2", "Dynamic: Version\nDynamic: License\n"), true},
                         {pkg_info("2.2", "Dynamic: Requires-Dist\n"), false},
                         {pkg_info("2.3", "Dynamic: requires-python\n"), false},
                         {pkg_info("2.6", "Dynamic: Provides-Extra\n"), false},
                         {"Name: X\nVersion: 1\n", false}}) {
    CAPTURE(given.text);
    CHECK(is_final(python::parse_metadata(given.text).value()) == given.final);
  }
}

TEST_CASE("static_metadata: PKG-INFO where it is final, else a static pyproject.toml") {
  const auto of = [](const SourceFiles& files) {
    return static_metadata(files, identity()).value();
  };
  CHECK(of({.pkg_info = pkg_info("2.2")}) == pkg_info("2.2"));
  CHECK(of({.pkg_info = pkg_info("2.2"), .pyproject = kProject}) == pkg_info("2.2"));
  CHECK(of({.pkg_info = pkg_info("2.1"), .pyproject = kProject}) == kOfProject);
  CHECK(of({.pyproject = kProject}) == kOfProject);
  CHECK(of({.pkg_info = "nothing", .pyproject = kProject}) == kOfProject);
  // The file name knows a version that the table does not.
  CHECK(of({.pyproject = "[project]\nname='x'\ndynamic=['version']\n"}) ==
        "Metadata-Version: 2.2\nName: x\nVersion: 1.0\n");
}

TEST_CASE("static_metadata: what only a build can tell says so") {
  struct Case {
    SourceFiles files{};
    std::string reason{};
  };
  const std::string head = "must be built to know what it requires: ";
  for (const Case& given : std::vector<Case>{
           {{}, "it has no pyproject.toml"},
           {{.pkg_info = pkg_info("2.1")}, "its PKG-INFO is not final"},
           {{.pkg_info = "Name: x\n"}, "its PKG-INFO is unusable (METADATA has no `Version`)"},
           {{.pyproject = "[tool.poetry]\nname='x'\n"},
            "its pyproject.toml has no [project] table"},
           {{.pkg_info = pkg_info("2.2", "Dynamic: Requires-Dist\n"),
           .pyproject = "[project]\nname='x'\nversion='1'\ndynamic=['dependencies']\n"},
            "`dependencies` is dynamic in its pyproject.toml"},
           {{.pyproject = "[project]\nname='x'\nversion='1'\ndynamic=['optional-dependencies']\n"},
            "`optional-dependencies` is dynamic in its pyproject.toml"},
           {{.pyproject = "[project]\nname='x'\nversion='1'\ndynamic=['requires-python']\n"},
            "`requires-python` is dynamic in its pyproject.toml"}}) {
    const auto text = static_metadata(given.files, identity());
    REQUIRE(!text);
    CHECK(text.error().kind() == ErrorKind::unsupported);
    CHECK(text.error().message() == head + given.reason);
  }
  const auto unversioned = static_metadata(
      {.pyproject = "[project]\nname='x'\ndynamic=['version']\n"}, identity("x", ""));
  REQUIRE(!unversioned);
  CHECK(unversioned.error().message() == head + "`version` is dynamic in its pyproject.toml");
}

TEST_CASE("static_metadata: name and version must be those asked for, however spelled") {
  CHECK(static_metadata({.pkg_info = pkg_info("2.2")}, identity("X", "1.0.0")));
  CHECK(static_metadata({.pyproject = kProject}, identity("", "")));
  const auto other_name = static_metadata({.pkg_info = pkg_info("2.2")}, identity("y"));
  REQUIRE(!other_name);
  CHECK(other_name.error().kind() == ErrorKind::integrity);
  CHECK(other_name.error().message() == "says that it is `X`, not `y`");
  const auto other_version = static_metadata({.pyproject = kProject}, identity("x", "1.1"));
  REQUIRE(!other_version);
  CHECK(other_version.error().kind() == ErrorKind::integrity);
  CHECK(other_version.error().message() == "says that it is version 1.0, not 1.1");
  // Also where the text itself is not used.
  CHECK(!static_metadata({.pkg_info = pkg_info("2.1"), .pyproject = kProject}, identity("x", "2")));
}

TEST_CASE("to_metadata: each extra's requirements stand under its marker") {
  python::ProjectTable project{.name = python::PackageName::parse("x").value(), .name_text = "X"};
  project.optional_dependencies = {
      {"Big_One",
       {"a>=1", "b ; os_name == 'posix' or os_name == 'nt'", "c[d] @ https://u:p@h/c;v=1",
        "e @ https://h/e ; os_name == 'posix'"}},
      {"none", {}}};
  const auto text = to_metadata(project, python::Version::parse("2").value());
  CHECK(text ==
        "Metadata-Version: 2.2\nName: X\nVersion: 2\n"
        "Provides-Extra: big-one\n"
        "Requires-Dist: a>=1 ; extra == 'big-one'\n"
        "Requires-Dist: b ; (os_name == 'posix' or os_name == 'nt') and extra == 'big-one'\n"
        "Requires-Dist: c[d] @ https://u:p@h/c;v=1 ; extra == 'big-one'\n"
        "Requires-Dist: e @ https://h/e ; (os_name == 'posix') and extra == 'big-one'\n"
        "Provides-Extra: none\n");
  const auto read = python::parse_metadata(text);
  REQUIRE(read);
  CHECK(read->requires_dist.size() == 4);
  CHECK(read->requires_dist[2].url == "https://u:p@h/c;v=1");
}
