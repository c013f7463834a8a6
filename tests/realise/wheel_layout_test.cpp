#include "support/zip_builder.hpp"

#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/python/metadata.hpp>
#include <cogbuild/python/record.hpp>
#include <cogbuild/realise/wheel_layout.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace cogbuild;
using realise::WheelFile;
using Members = std::vector<test::ZipBuilder::Member>;

namespace {

plan::InstallScheme debian_scheme() {
  return {.interpreter = "/usr/bin/python3.11",
          .python = "3.11",
          .site_directory = "usr/local/lib/python3.11/dist-packages",
          .scripts_directory = "usr/local/bin",
          .include_directory = "usr/local/include/python3.11",
          .data_directory = "usr/local",
          .links = {{"usr/local/man", "usr/local/share/man"}}};
}

struct Fixture {
  io::TempDir directory = *io::TempDir::create();
  std::string file_name = "demo-1.0-py3-none-any.whl";
  std::optional<archive::ZipDirectory> zip{};  // owns the file the layout refers to

  Result<realise::WheelLayout> lay_out(const std::string& bytes,
                                       lock::LockedDistribution distribution = {}) {
    distribution.name = "demo";
    distribution.file_name = file_name;
    auto opened =
        archive::ZipDirectory::open(test::write_file(directory.path() / "w.whl", bytes), file_name);
    REQUIRE(opened);
    zip.emplace(*std::move(opened));
    return realise::lay_out_wheel(*zip, distribution, debian_scheme());
  }
  std::string refusal(const std::string& bytes) {
    const auto layout = lay_out(bytes);
    return layout ? "accepted" : layout.error().message();
  }
};

const WheelFile* find(const realise::WheelLayout& layout, const std::string& path) {
  const auto found = std::ranges::find(layout.files, path, &WheelFile::path);
  return found == layout.files.end() ? nullptr : &*found;
}

const std::string kSite = "usr/local/lib/python3.11/dist-packages/";

}  // namespace

TEST_CASE("lay_out_wheel: every part of a wheel goes to its place") {
  Fixture fixture;
  const auto layout = fixture.lay_out(test::wheel(
      "demo", "1.0",
      Members{{.name = "demo/__init__.py", .content = "x = 1\n"},
              {.name = "demo/tool", .content = "#!/bin/sh\n", .unix_mode = 0100755},
              {.name = "demo-1.0.data/purelib/pure.py", .content = "p"},
              {.name = "demo-1.0.data/platlib/plat.py", .content = "q"},
              {.name = "demo-1.0.data/headers/demo.h", .content = "h"},
              {.name = "demo-1.0.data/data/share/demo/readme", .content = "r"},
              {.name = "demo-1.0.data/data/man/man1/demo.1", .content = "m"},
              {.name = "demo-1.0.data/scripts/run-demo", .content = "#!python\nprint()\n"},
              {.name = "demo-1.0.data/scripts/shell-demo", .content = "#!/bin/sh\necho\n"},
              {.name = "demo-1.0.dist-info/entry_points.txt",
               .content = "[console_scripts]\ndemo = demo.cli:App.main\n"}}));
  REQUIRE_MESSAGE(layout, layout.error().message());
  CHECK(find(*layout, kSite + "demo/__init__.py") != nullptr);
  CHECK(find(*layout, kSite + "demo/tool")->executable);
  CHECK(find(*layout, kSite + "pure.py") != nullptr);
  CHECK(find(*layout, kSite + "plat.py") != nullptr);
  CHECK(find(*layout, "usr/local/include/python3.11/demo/demo.h") != nullptr);
  CHECK(find(*layout, "usr/local/share/demo/readme") != nullptr);
  // The base's symlinked directory stays one.
  CHECK(find(*layout, "usr/local/share/man/man1/demo.1") != nullptr);
  CHECK(find(*layout, "usr/local/bin/run-demo")->content == "#!/usr/bin/python3.11\nprint()\n");
  CHECK(find(*layout, "usr/local/bin/run-demo")->executable);
  CHECK(find(*layout, "usr/local/bin/shell-demo")->executable);
  CHECK(find(*layout, "usr/local/bin/demo")->content ==
        "#!/usr/bin/python3.11\nimport sys\nfrom demo.cli import App\n"
        "if __name__ == \"__main__\":\n    sys.exit(App.main())\n");
  CHECK(find(*layout, kSite + "demo-1.0.dist-info/INSTALLER")->content == "cogbuild\n");
  CHECK(find(*layout, kSite + "demo-1.0.dist-info/REQUESTED") == nullptr);
  CHECK(layout->warnings.empty());
}

TEST_CASE("lay_out_wheel: RECORD lists exactly what is installed, sorted, with digests") {
  Fixture fixture;
  const auto layout = fixture.lay_out(
      test::wheel("demo", "1.0",
                  Members{{.name = "demo.py", .content = "x"},
                          {.name = "__pycache__/demo.cpython-311.pyc", .content = "bytecode"},
                          {.name = "demo-1.0.data/scripts/s", .content = "#!pythonw -x\n1\n"}}));
  REQUIRE(layout);
  CHECK(find(*layout, kSite + "__pycache__/demo.cpython-311.pyc") == nullptr);
  const std::string& record = find(*layout, kSite + "demo-1.0.dist-info/RECORD")->content;
  CHECK(record ==
        "../../../bin/s,sha256=lXM5SiQ5BEACj_m3oGoWOdl0CkPmNnvE3-IQEnREGro,24\n"
        "demo-1.0.dist-info/INSTALLER,sha256=JWXLxjX6rExvcoZmnau6Zdrk78dtxUNhhqiZmEPOYtQ,9\n"
        "demo-1.0.dist-info/METADATA,sha256=NKonpgZPlYtBt4GiF_KQ_Qq1-WUeK25Kzas0G3uTwwU,46\n"
        "demo-1.0.dist-info/RECORD,,\n"
        "demo-1.0.dist-info/WHEEL,sha256=JCVX9z8V-js2aV5qmQR2E3fiCs-Yu3vPO91cCBmO1JM,59\n"
        "demo.py,sha256=LXEWQrcmsEQBYnyp-6wy9chTD7GQPMTbAiWHF5IaSIE,1\n");
}

TEST_CASE("lay_out_wheel: a script with the name of an entry point gives way to it") {
  Fixture fixture;
  const auto layout = fixture.lay_out(
      test::wheel("demo", "1.0",
                  Members{{.name = "demo-1.0.data/scripts/demo", .content = "#!python\nold\n"},
                          {.name = "demo-1.0.data/scripts/demo-script.py", .content = "old"},
                          {.name = "demo-1.0.dist-info/entry_points.txt",
                           .content = "[console_scripts]\ndemo = demo:main\n"}}));
  REQUIRE(layout);
  CHECK(find(*layout, "usr/local/bin/demo")->content.find("from demo import main") !=
        std::string::npos);
  CHECK(find(*layout, "usr/local/bin/demo-script.py") == nullptr);
}

TEST_CASE("lay_out_wheel: a direct URL is recorded, a local path is not") {
  Fixture fixture;
  const std::string bytes = test::wheel("demo", "1.0", {});
  const auto from_url = fixture.lay_out(
      bytes, {.location = "https://host/demo-1.0-py3-none-any.whl", .direct_url = true});
  REQUIRE(from_url);
  CHECK(
      find(*from_url, kSite + "demo-1.0.dist-info/direct_url.json")->content ==
      R"({"archive_info":{"hash":"sha256=0000000000000000000000000000000000000000000000000000000000000000","hashes":{"sha256":"0000000000000000000000000000000000000000000000000000000000000000"}},"url":"https://host/demo-1.0-py3-none-any.whl"})");
  const auto from_path =
      fixture.lay_out(bytes, {.location = "wheels/demo-1.0-py3-none-any.whl", .direct_url = true});
  REQUIRE(from_path);
  CHECK(find(*from_path, kSite + "demo-1.0.dist-info/direct_url.json") == nullptr);
}

TEST_CASE("lay_out_wheel: each name it stands for gets metadata of its own version") {
  Fixture fixture;
  const std::string bytes = test::wheel("demo", "1.0", {{.name = "demo.py", .content = ""}});
  const auto alone = fixture.lay_out(bytes);
  const auto layout = fixture.lay_out(
      bytes, {.metadata_name = "Demo", .version = "1.0", .stands_for = {"OpenCV.Python", "other"}});
  REQUIRE(alone);
  REQUIRE(layout);
  CHECK(layout->files.size() == alone->files.size() + 6);
  CHECK(layout->unpacked_bytes > alone->unpacked_bytes);
  const std::string stub = kSite + "opencv_python-1.0.dist-info/";
  CHECK(find(*layout, stub + "METADATA")->content ==
        "Metadata-Version: 2.1\nName: OpenCV.Python\nVersion: 1.0\n"
        "Summary: Demo stands in the place of OpenCV.Python\n\n");
  CHECK(find(*layout, stub + "INSTALLER")->content == "cogbuild\n");
  const auto record = python::parse_record(find(*layout, stub + "RECORD")->content);
  REQUIRE(record);
  REQUIRE(record->size() == 3);
  CHECK((*record)[0].path == "opencv_python-1.0.dist-info/INSTALLER");
  CHECK((*record)[1].path == "opencv_python-1.0.dist-info/METADATA");
  CHECK((*record)[1].digest == digest::digest_of(find(*layout, stub + "METADATA")->content));
  CHECK((*record)[1].size_bytes == find(*layout, stub + "METADATA")->content.size());
  CHECK((*record)[2].path == "opencv_python-1.0.dist-info/RECORD");
  CHECK_FALSE((*record)[2].digest);
  CHECK(find(*layout, kSite + "other-1.0.dist-info/METADATA") != nullptr);
  // The wheel's own record stays its own.
  CHECK(find(*layout, kSite + "demo-1.0.dist-info/RECORD")->content ==
        find(*alone, kSite + "demo-1.0.dist-info/RECORD")->content);
}

TEST_CASE("lay_out_wheel: wheels that contradict themselves are refused") {
  Fixture fixture;
  CHECK(fixture.refusal(test::ZipBuilder().add("demo.py", "x").bytes()) ==
        "demo-1.0-py3-none-any.whl is not a valid wheel: it has no .dist-info directory");
  CHECK(fixture.refusal(test::wheel("other", "1.0", {})) ==
        "demo-1.0-py3-none-any.whl is not a valid wheel: its `other-1.0.dist-info` does not fit "
        "its file name");
  CHECK(fixture.refusal(test::wheel("demo", "1.1", {})) ==
        "demo-1.0-py3-none-any.whl is not a valid wheel: its `demo-1.1.dist-info` does not fit its "
        "file name");
  CHECK(fixture.refusal(test::wheel("demo", "1.0",
                                    Members{{.name = "x-2.dist-info/METADATA", .content = ""}})) ==
        "demo-1.0-py3-none-any.whl is not a valid wheel: it has both `demo-1.0.dist-info` and "
        "`x-2.dist-info`");
  CHECK(fixture.refusal(
            test::wheel("demo", "1.0", Members{{.name = "demo-1.0.data/odd/x", .content = ""}})) ==
        "demo-1.0-py3-none-any.whl has files for an unknown place, `demo-1.0.data/odd/x`");
  CHECK(fixture.refusal(test::wheel(
            "demo", "1.0", Members{{.name = "demo-1.0.data/scripts/python3", .content = "x"}})) ==
        "demo-1.0-py3-none-any.whl would install a script named `python3`");
  CHECK(fixture.refusal(
            test::wheel("demo", "1.0",
                        Members{{.name = "a.py", .content = "1"},
                                {.name = "demo-1.0.data/purelib/a.py", .content = "2"}})) ==
        "demo-1.0-py3-none-any.whl is not a valid wheel: two of its files go to "
        "`/usr/local/lib/python3.11/dist-packages/a.py`");
}

TEST_CASE("lay_out_wheel: METADATA must be what the lock was resolved with") {
  Fixture fixture;
  const std::string wheel = test::wheel("demo", "1.0", Members{{.name = "demo.py", .content = ""}});
  REQUIRE(fixture.lay_out(wheel));
  const auto metadata = fixture.zip->read(*fixture.zip->find("demo-1.0.dist-info/METADATA"), 4096);
  REQUIRE(metadata);
  const auto digest_of = [](const std::string& text) {
    return to_string(digest::digest_of(*python::metadata_fields(text)));
  };
  CHECK(fixture.lay_out(wheel, {.metadata_digest = digest_of(*metadata)}));
  const auto refused =
      fixture.lay_out(wheel, {.metadata_digest = digest_of(*metadata + "Requires-Dist: more\n")});
  REQUIRE(!refused);
  CHECK(refused.error().kind() == ErrorKind::integrity);
  CHECK(refused.error().message().find("its METADATA is not what it was resolved with") !=
        std::string::npos);
}

TEST_CASE("lay_out_wheel: a size in RECORD must be the file's") {
  Fixture fixture;
  test::ZipBuilder builder;
  builder.add("demo.py", "x")
      .add("demo-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n")
      .add("demo-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\n")
      .add("demo-1.0.dist-info/RECORD", "demo.py,,999\n");
  const auto layout = fixture.lay_out(builder.bytes());
  REQUIRE_FALSE(layout);
  CHECK(layout.error().message() ==
        "demo-1.0-py3-none-any.whl is not a valid wheel: RECORD says `demo.py` has 999 bytes, but "
        "it has 1");
}

TEST_CASE("lay_out_wheel: a file that RECORD omits is installed with a warning") {
  Fixture fixture;
  test::ZipBuilder builder;
  builder.add("demo.py", "x")
      .add("demo-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n")
      .add("demo-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\n")
      .add("demo-1.0.dist-info/RECORD",
           "demo-1.0.dist-info/METADATA,,\ndemo-1.0.dist-info/WHEEL,,\ndemo-1.0.dist-info/"
           "RECORD,,\n");
  const auto layout = fixture.lay_out(builder.bytes());
  REQUIRE(layout);
  CHECK(layout->warnings ==
        std::vector<std::string>{"demo-1.0-py3-none-any.whl: RECORD does not list `demo.py`"});
  CHECK(find(*layout, kSite + "demo.py")->expected.has_value());
}

TEST_CASE("through_links: the longest link that is a whole component wins") {
  const std::vector<std::pair<std::string, std::string>> links{{"a", "x"}, {"a/b", "y"}};
  CHECK(realise::through_links("a/b/c", links) == "y/c");
  CHECK(realise::through_links("a/c", links) == "x/c");
  CHECK(realise::through_links("ab/c", links) == "ab/c");
  CHECK(realise::through_links("a", links) == "a");
}
