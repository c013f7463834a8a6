#include "support/raw_tar.hpp"
#include "support/zip_builder.hpp"

#include <cogbuild/io/file.hpp>
#include <cogbuild/pypi/source_archive.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace cogbuild;
using pypi::read_source_metadata;
using pypi::source_identity;
using test::RawEntry;

namespace {

const std::string kPkgInfo =
    "Metadata-Version: 2.2\nName: My.Tool\nVersion: 1.0\nRequires-Dist: numpy\n";
const std::string kProject = "[project]\nname='My.Tool'\nversion='1.0'\ndependencies=['torch']\n";
const std::string kOfProject =
    "Metadata-Version: 2.2\nName: My.Tool\nVersion: 1.0\nRequires-Dist: torch\n";

struct Fixture {
  io::TempDir directory = io::TempDir::create().value();

  // The store's files have no telling names: only `file_name` says the format.
  Result<std::string> read(const std::string& bytes, const std::string& file_name,
                           const std::string& subdirectory = {}) {
    const auto path = test::write_file(directory.path() / "blob", bytes);
    return read_source_metadata(
        {.path = path, .file_name = file_name, .subdirectory = subdirectory},
        source_identity(file_name));
  }
  Result<std::string> tar(const std::vector<RawEntry>& entries,
                          const std::string& subdirectory = {}) {
    return read(test::stored_gzip(test::raw_tar(entries)), "my_tool-1.0.tar.gz", subdirectory);
  }
  std::string error(const std::vector<RawEntry>& entries) {
    const auto text = tar(entries);
    REQUIRE(!text);
    return text.error().message();
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "read_source_metadata: every format of source archives") {
  for (const std::string ending : {"gz", "bz2", "xz"}) {
    CAPTURE(ending);
    const std::string name = "my_tool-1.0.tar." + ending;
    const auto text =
        read(io::read_file(std::string(COGBUILD_TEST_DATA) + "/" + name).value(), name);
    REQUIRE_MESSAGE(text, (text ? "" : render(text.error())));
    CHECK(*text == kPkgInfo);
  }
  CHECK(read(test::stored_gzip(
                 test::raw_tar({{.name = "my_tool-1.0/PKG-INFO", .content = kPkgInfo}})),
             "my_tool-1.0.tgz")
            .value() == kPkgInfo);
  CHECK(read(test::ZipBuilder().add("my_tool-1.0/PKG-INFO", kPkgInfo).bytes(), "my_tool-1.0.zip")
            .value() == kPkgInfo);
}

TEST_CASE_FIXTURE(Fixture, "read_source_metadata: the project's own egg-info tells of old ones") {
  const std::string old = "Metadata-Version: 2.1\nName: My.Tool\nVersion: 1.0\n";
  const std::string as_read = "Metadata-Version: 2.2\nName: My.Tool\nVersion: 1.0\n";
  const RawEntry pkg_info{.name = "my_tool-1.0/PKG-INFO", .content = old};
  const auto with = [&](const std::string& name, const std::string& content) {
    return tar({pkg_info, {.name = "my_tool-1.0/" + name, .content = content}});
  };
  for (const std::string folder : {"my_tool.egg-info/", "src/My.Tool.egg-info/"}) {
    CAPTURE(folder);
    CHECK(with(folder + "requires.txt", "six\n") == as_read + "Requires-Dist: six\n");
    CHECK(with(folder + "SOURCES.txt", "setup.py\n") == as_read);
  }
  for (const std::string name : {"other.egg-info/requires.txt", "a/b/my_tool.egg-info/requires.txt",
                                 "my_tool.egg-info/sub/requires.txt", "requires.txt"}) {
    CAPTURE(name);
    CHECK(with(name, "six\n").error().kind() == ErrorKind::unsupported);
  }
}

TEST_CASE_FIXTURE(Fixture, "read_source_metadata: only the files at the project's root count") {
  CHECK(
      tar({{.name = "my_tool-1.0/my_tool.egg-info/PKG-INFO", .content = "Name: evil\nVersion: 6\n"},
           {.name = "PKG-INFO", .content = "Name: evil\nVersion: 6\n"},
           {.name = "./my_tool-1.0/pyproject.toml", .content = kProject}})
          .value() == kOfProject);
  CHECK(tar({{.name = "my_tool-1.0/pyproject.toml", .content = "[project]\nname='other'\n"},
             {.name = "my_tool-1.0/sub/dir/pyproject.toml", .content = kProject},
             {.name = "my_tool-1.0/sub/dirt/pyproject.toml", .content = ""}},
            "sub/dir")
            .value() == kOfProject);
  // Of several directories at the top, the one named for the archive.
  CHECK(tar({{.name = "a/PKG-INFO", .content = "Name: evil\nVersion: 6\n"},
             {.name = "My.Tool-1/PKG-INFO", .content = kPkgInfo}})
            .value() == kPkgInfo);
  CHECK(error({{.name = "a/PKG-INFO", .content = kPkgInfo},
               {.name = "b/PKG-INFO", .content = kPkgInfo}}) ==
        "holds several projects, and none is named for it");
  // A forge's archive is named for a commit.
  CHECK(read(test::stored_gzip(
                 test::raw_tar({{.name = "tool-0a1b2c/pyproject.toml", .content = kProject}})),
             "0a1b2c.tar.gz")
            .value() == kOfProject);
}

TEST_CASE_FIXTURE(Fixture, "read_source_metadata: what must be built says so") {
  const auto text = tar({{.name = "my_tool-1.0/setup.py", .content = "x"}});
  REQUIRE(!text);
  CHECK(text.error().kind() == ErrorKind::unsupported);
  CHECK(text.error().message() ==
        "must be built to know what it requires: it has no pyproject.toml");
}

TEST_CASE_FIXTURE(Fixture,
                  "read_source_metadata: hostile archives are refused, nothing is written") {
  const auto before = std::filesystem::exists(directory.path() / "escaped");
  CHECK(error({{.name = "../escaped", .content = "x"},
               {.name = "my_tool-1.0/PKG-INFO", .content = kPkgInfo}}) ==
        "the entry name `../escaped` climbs out with `..`");
  CHECK(error({{.name = "/escaped", .content = "x"}}) == "the entry name `/escaped` is absolute");
  CHECK(std::filesystem::exists(directory.path() / "escaped") == before);
  // A link is not followed.
  CHECK(error({test::symlink("my_tool-1.0/PKG-INFO", "/etc/passwd")}) ==
        "must be built to know what it requires: it has no pyproject.toml");
  CHECK(error({{.name = "my_tool-1.0/PKG-INFO",
                .content = std::string(python::kMaxMetadataBytes + 1, 'x')}})
            .find("8388608") != std::string::npos);
  CHECK(error({{.name = "my_tool-1.0/PKG-INFO",
                .content = "Metadata-Version: 2.2\nName: other\nVersion: 1.0\n"}}) ==
        "says that it is `other`, not `my-tool`");
  const auto torn =
      read(test::stored_gzip(test::raw_tar({{.name = "a/b", .content = "x"}})).substr(0, 200),
           "my_tool-1.0.tar.gz");
  REQUIRE(!torn);
  CHECK(torn.error().kind() == ErrorKind::integrity);
  CHECK(torn.error().steps() == std::vector<std::string>{"reading my_tool-1.0.tar.gz"});
  CHECK(read("not an archive", "my_tool-1.0.zip").error().kind() == ErrorKind::integrity);
}

TEST_CASE("source_identity: what a file name tells") {
  CHECK(to_string(source_identity("My.Tool-1.0rc1.tar.gz").name) == "my-tool");
  CHECK(to_string(*source_identity("My.Tool-1.0rc1.tar.gz").version) == "1.0rc1");
  CHECK(source_identity("0a1b2c.zip").name.empty());
  CHECK(!source_identity("0a1b2c.zip").version);
}
