#include "support/raw_tar.hpp"
#include "support/zip_builder.hpp"

#include <cogbuild/clock/clock.hpp>
#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/http/scripted_client.hpp>
#include <cogbuild/io/file.hpp>
#include <cogbuild/process/runner.hpp>
#include <cogbuild/progress/reporter.hpp>
#include <cogbuild/resolve/distribution_source.hpp>
#include <cogbuild/resolve/index_source.hpp>
#include <cogbuild/store/blob_store.hpp>
#include <cogbuild/store/key_index.hpp>

#include <doctest/doctest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

using namespace cogbuild;
using resolve::DistributionFile;

namespace {

const std::string kPyproject = "[project]\nname='My.Tool'\nversion='1.0'\ndependencies=['numpy']\n";
const std::string kFields =
    "Metadata-Version: 2.2\nName: My.Tool\nVersion: 1.0\nRequires-Dist: numpy\n";

struct Fixture {
  std::unique_ptr<resolve::DistributionSource> open(bool offline = false) {
    return resolve::open_index_source({}, {http, blobs, keys, clock, reporter, offline}, project,
                                      {.runner = &runner, .directory = place.path() / "git"});
  }
  DistributionFile direct(const std::string& location) {
    auto file = source->direct(location);
    REQUIRE_MESSAGE(file, (file ? "" : render(file.error())));
    return *file;
  }
  Error error(const std::string& location) {
    const auto file = source->direct(location);
    REQUIRE(!file);
    return file.error();
  }
  void write(const std::string& path, const std::string& content) const {
    std::filesystem::create_directories((root() / path).parent_path());
    test::write_file(root() / path, content);
  }
  [[nodiscard]] std::filesystem::path root() const { return place.path() / "project"; }
  std::string git(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"git", "-c", "user.name=a", "-c", "user.email=a@b"});
    const auto outcome = runner.run({.arguments = std::move(arguments), .directory = root()});
    REQUIRE(outcome);
    REQUIRE_MESSAGE(outcome->exit_code == 0, outcome->error_output);
    return outcome->output.substr(0, outcome->output.find('\n'));
  }

  io::TempDir place = io::TempDir::create().value();
  io::DiskTree project{place.path() / "project"};
  http::ScriptedClient http{};
  store::MemoryBlobStore blobs{};
  store::MemoryKeyIndex keys{};
  clock::ManualClock clock{};
  progress::Recording reporter{};
  process::SpawnRunner runner{};
  std::unique_ptr<resolve::DistributionSource> source = open();
};

std::string sdist(const std::string& path = "my_tool-1.0/pyproject.toml") {
  return test::stored_gzip(test::raw_tar({{.name = path, .content = kPyproject}}));
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "direct: a source archive by path") {
  write("dist/my_tool-1.0.tar.gz", sdist());
  const auto file = direct("dist/my_tool-1.0.tar.gz");
  CHECK(file.form == lock::Form::source_archive);
  CHECK(file.file_name == "my_tool-1.0.tar.gz");
  CHECK(file.location == "dist/my_tool-1.0.tar.gz");
  CHECK(source->metadata(file).value() == kFields);
  CHECK(source->identify(file)->digest == digest::digest_of(sdist()));
  CHECK(source->identify(file)->size_bytes == sdist().size());
}

TEST_CASE_FIXTURE(Fixture, "direct: a source archive by URL, its hash and subdirectory honoured") {
  const std::string url = "https://host/r/archive/my_tool-1.0.tar.gz";
  const auto archive = sdist("r-1a2b3c/sub/pyproject.toml");
  http.answer(http::Method::get, url, {.body = archive});
  const std::string hash = "sha256=" + digest::digest_of(archive).hex();
  const auto file =
      direct("https://u:secret@host/r/archive/my_tool-1.0.tar.gz#subdirectory=sub&" + hash);
  CHECK(file.form == lock::Form::source_archive);
  CHECK(file.location == url);
  CHECK(file.subdirectory == "sub");
  CHECK(source->metadata(file).value() == kFields);

  http.answer(http::Method::get, "https://host/other-2.zip", {.body = archive});
  const auto wrong = error("https://host/other-2.zip#" + hash.substr(0, 69) + "00");
  CHECK(wrong.kind() == ErrorKind::integrity);
  CHECK(error("https://host/other-2.zip#sha512=" + std::string(128, 'a')).message() ==
        "the sha512 of a URL cannot be verified");
}

TEST_CASE_FIXTURE(Fixture, "direct: a forge's archive may be named for a tag") {
  http.answer(http::Method::get, "https://host/release-1.0.tar.gz",
              {.body = sdist("my-tool-release-1.0/pyproject.toml")});
  CHECK(source->metadata(direct("https://host/release-1.0.tar.gz")).value() == kFields);
}

TEST_CASE_FIXTURE(Fixture, "direct: a directory, named relative to the project") {
  write("lib/tool/pyproject.toml", kPyproject);
  write("old/setup.py", "");
  write("text.txt", "");
  for (const std::string& location : {std::string("lib/tool"), (root() / "lib/tool/").string(),
                                      "file://" + (root() / "lib/tool").string()}) {
    CAPTURE(location);
    const auto file = direct(location);
    CHECK(file.form == lock::Form::directory);
    CHECK(file.location == "lib/tool");
    CHECK(file.file_name.empty());
    CHECK(source->metadata(file).value() == kFields);
    CHECK(source->identify(file)->size_bytes == 0);
  }
  const auto below = direct("file://" + (root() / "lib").string() + "#subdirectory=tool");
  CHECK(below.subdirectory == "tool");
  CHECK(source->metadata(below).value() == kFields);
  const auto unknown = source->metadata(direct("old"));
  REQUIRE(!unknown);
  CHECK(unknown.error().kind() == ErrorKind::unsupported);
  CHECK(unknown.error().message() ==
        "must be built to know what it requires: it has no pyproject.toml");
  write("pyproject.toml", kPyproject);
  CHECK(direct(".").location == ".");
  CHECK(source->metadata(direct(".")).value() == kFields);

  CHECK(error("nowhere").message() == "there is no directory `nowhere`");
  CHECK(error("nowhere").kind() == ErrorKind::not_found);
  CHECK(error("text.txt").message() ==
        "`text.txt` is neither a wheel, a source archive nor a directory");
  CHECK(error("https://u:secret@host/page?token=secret").message() ==
        "`https://host/page?token=…` is neither a wheel nor a source archive");
}

TEST_CASE_FIXTURE(Fixture, "direct: a commit of a git repository") {
  write("sub/pyproject.toml", kPyproject);
  write("PKG-INFO", "Metadata-Version: 2.2\nName: top\nVersion: 2\n");
  git({"init", "--quiet", "--initial-branch=main", "."});
  git({"add", "-A"});
  git({"commit", "--quiet", "-m", "c"});
  const auto commit = git({"rev-parse", "HEAD"});
  const std::string url = "file://" + root().string();

  const auto file = direct("git+" + url + "@main#egg=my-tool&subdirectory=sub");
  CHECK(file.form == lock::Form::version_control);
  CHECK(file.location == url);
  CHECK(file.commit == commit);
  CHECK(file.requested_revision == "main");
  CHECK(file.subdirectory == "sub");
  CHECK(file.file_name.empty());
  CHECK(source->metadata(file).value() == kFields);
  CHECK(source->identify(file)->size_bytes == 0);
  CHECK(source->metadata(direct("git+" + url)).value() ==
        "Metadata-Version: 2.2\nName: top\nVersion: 2\n");
  CHECK(direct("git+" + url).requested_revision.empty());
  CHECK(source->metadata(direct("git+" + url + "#subdirectory=none")).error().message() ==
        "must be built to know what it requires: it has no pyproject.toml");

  auto offline = open(true);
  CHECK(offline->direct("git+" + url + "@" + commit)->commit == commit);
  CHECK(offline->direct("git+" + url + "@main").error().kind() == ErrorKind::network);
  const auto without =
      resolve::open_index_source({}, {http, blobs, keys, clock, reporter}, project);
  CHECK(without->direct("git+https://u:secret@host/r").error().message() ==
        "https://host/r needs git");
}
