#include <cogbuild/python/egg_info.hpp>
#include <cogbuild/python/static_metadata.hpp>

#include <doctest/doctest.h>

using namespace cogbuild;

namespace {

const std::string kPkgInfo =
    "Metadata-Version: 2.1\nName: Old_Kit\nVersion: 1.0\nRequires-Python: >=3.6\n";

python::SourceIdentity identity() {
  return {.name = python::PackageName::parse("old-kit").value(),
          .version = python::Version::parse("1.0").value()};
}

}  // namespace

TEST_CASE("metadata_of_egg_info: sections become markers") {
  const auto metadata = python::parse_metadata(kPkgInfo);
  REQUIRE(metadata);
  const auto text = python::metadata_of_egg_info(
      *metadata,
      "numpy>=1.0\nsix\n\n[:python_version < \"3\"]\nfutures\n\n[Dev_Tools]\npytest\n"
      "tool ; sys_platform == \"win32\"\n\n[Dev_Tools:python_version<\"3.8\"]\nold>1\n");
  CHECK(text ==
        "Metadata-Version: 2.2\nName: Old_Kit\nVersion: 1.0\nRequires-Python: >=3.6\n"
        "Requires-Dist: numpy>=1.0\nRequires-Dist: six\n"
        "Requires-Dist: futures ; (python_version < \"3\")\n"
        "Provides-Extra: dev-tools\n"
        "Requires-Dist: pytest ; extra == 'dev-tools'\n"
        "Requires-Dist: tool ; (sys_platform == \"win32\") and extra == 'dev-tools'\n"
        "Requires-Dist: old>1 ; ((python_version<\"3.8\")) and extra == 'dev-tools'\n");
  CHECK(python::parse_metadata(*text)->requires_dist.size() == 6);
  CHECK_FALSE(python::metadata_of_egg_info(*metadata, "not a requirement\n"));
}

TEST_CASE("static_metadata: an archive of setuptools tells through its egg-info") {
  python::SourceFiles files{.pkg_info = kPkgInfo};
  CHECK(python::static_metadata(files, identity()).error().message() ==
        "must be built to know what it requires: its PKG-INFO is not final");
  files.has_egg_info = true;
  CHECK(python::static_metadata(files, identity()) ==
        "Metadata-Version: 2.2\nName: Old_Kit\nVersion: 1.0\nRequires-Python: >=3.6\n");
  files.requires_txt = "six\n";
  CHECK(python::static_metadata(files, identity()) ==
        "Metadata-Version: 2.2\nName: Old_Kit\nVersion: 1.0\nRequires-Python: >=3.6\n"
        "Requires-Dist: six\n");
  CHECK(python::static_metadata(
            {.pkg_info = "Metadata-Version: 1.0\nName: old-kit\nVersion: 1.0\n"}, identity()) ==
        "Metadata-Version: 2.2\nName: old-kit\nVersion: 1.0\n");
  files.requires_txt = "?\n";
  CHECK(python::static_metadata(files, identity()).error().kind() == ErrorKind::unsupported);
  files.requires_txt = "six\n";
  files.pyproject = "[project]\nname = \"old-kit\"\nversion = \"1.0\"\ndependencies = [\"a\"]\n";
  CHECK(python::static_metadata(files, identity())->find("Requires-Dist: a\n") !=
        std::string::npos);
}
