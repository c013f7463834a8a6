#include <cogbuild/lock/changes.hpp>
#include <cogbuild/lock/project_lock.hpp>

#include <doctest/doctest.h>

using namespace cogbuild;
using lock::LockedArchive;
using lock::LockedDeb;
using lock::ProjectLock;
using lock::SystemLock;

namespace {

LockedDeb deb(const std::string& name, const std::string& version, char letter = 'a') {
  return {.name = name,
          .version = version,
          .architecture = "amd64",
          .source = name,
          .archive = "trixie",
          .path = "pool/main/" + name + "_" + version + "_amd64.deb",
          .size_bytes = 7,
          .digest = digest::Digest::parse_hex(std::string(64, letter)).value()};
}

SystemLock example() {
  return {.suite = "trixie",
          .base_names = {"libc6", "tini"},
          .system_names = {"ffmpeg"},
          .archives = {{.codename = "trixie",
                        .origin = "Debian",
                        .label = "Debian",
                        .uri = "https://host/debian/",
                        .date = "2026-07-11T10:16:37Z"}},
          .base_packages = {deb("libc6", "2.41-12"), deb("tini", "0.19.0-1")},
          .system_packages = {deb("ffmpeg", "7:7.1.1-1", 'b')},
          .python = lock::LockedPython{
              .version = "3.12.11",
              .location = "https://host/cpython-3.12.11.tar.gz",
              .size_bytes = 9,
              .digest = digest::Digest::parse_hex(std::string(64, 'c')).value()}};
}

Result<ProjectLock> parse(const std::string& text) {
  return lock::parse_project_lock("version = 1\n" + text);
}

// A whole package, `line` in place of the one of the same key.
std::string package_with(const std::string& line) {
  std::string text =
      "[system]\n[[archive]]\ncodename = \"x\"\nuri = \"https://host/\"\n[[package]]\n";
  const std::string key = line.substr(0, line.find(' '));
  for (const std::string each :
       {"layer = \"base\"", "name = \"git\"", "version = \"1\"", "architecture = \"all\"",
        "archive = \"x\"", "path = \"pool/git.deb\"", "size = 1",
        "sha256 = \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\""})
    text += (each.substr(0, each.find(' ')) == key ? line : each) + "\n";
  return text;
}

std::string refusal(const std::string& text) {
  const auto parsed = parse(text);
  return parsed ? "accepted" : parsed.error().message();
}

}  // namespace

TEST_CASE("to_toml: the bytes of a system lock") {
  const std::string a(64, 'a');
  CHECK(to_toml(ProjectLock{.system = example()}) ==
        R"(# Written by `cogbuild lock`; pylock.toml holds the Python distributions.
version = 1

[system]
suite = "trixie"
base-names = [
  "libc6",
  "tini",
]
system-names = ["ffmpeg"]

[[archive]]
codename = "trixie"
origin = "Debian"
label = "Debian"
uri = "https://host/debian/"
date = "2026-07-11T10:16:37Z"

[[package]]
layer = "base"
name = "libc6"
version = "2.41-12"
architecture = "amd64"
source = "libc6"
archive = "trixie"
path = "pool/main/libc6_2.41-12_amd64.deb"
size = 7
sha256 = ")" +
            a + R"("

[[package]]
layer = "base"
name = "tini"
version = "0.19.0-1"
architecture = "amd64"
source = "tini"
archive = "trixie"
path = "pool/main/tini_0.19.0-1_amd64.deb"
size = 7
sha256 = ")" +
            a + R"("

[[package]]
layer = "system"
name = "ffmpeg"
version = "7:7.1.1-1"
architecture = "amd64"
source = "ffmpeg"
archive = "trixie"
path = "pool/main/ffmpeg_7:7.1.1-1_amd64.deb"
size = 7
sha256 = ")" +
            std::string(64, 'b') +
            R"("

[python]
version = "3.12.11"
url = "https://host/cpython-3.12.11.tar.gz"
sha256 = ")" +
            std::string(64, 'c') +
            R"("
size = 9
)");
}

TEST_CASE("parse_project_lock: reads back a system lock, also an empty one") {
  SystemLock with_packages = example();
  with_packages.python.reset();
  with_packages.python_packages = {deb("python3", "3.13.5-1")};
  with_packages.base_packages[0].source.clear();
  SystemLock foreign = example();
  foreign.suite.clear();
  foreign.base_names.clear();
  foreign.base_packages.clear();
  foreign.python->size_bytes = 0;
  for (const SystemLock& system : {example(), with_packages, foreign, SystemLock{}}) {
    const ProjectLock project{.inputs = "sha256:00", .system = system};
    CHECK(lock::parse_project_lock(to_toml(project)).value() == project);
  }
}

TEST_CASE("parse_project_lock: a lock from before there were packages has no system") {
  CHECK(parse("[base]\nreference = \"python:3.11-slim\"\n").value().system == std::nullopt);
}

TEST_CASE("parse_project_lock: packages that a merge left unsorted are sorted") {
  ProjectLock project{.system = example()};
  std::swap(project.system->base_packages[0], project.system->base_packages[1]);
  CHECK(lock::parse_project_lock(to_toml(project)).value().system == example());
}

TEST_CASE("parse_project_lock: what could not be a package is refused") {
  CHECK(refusal(package_with("size = 0")) == "accepted");
  const std::pair<const char*, const char*> cases[] = {
      {"layer = \"top\"", "`top` is not `base`, `python` or `system`"},
      {"layer = 1", "`layer` must be text"},
      {"name = \"Git\"", "`Git` is not the name of a Debian package"},
      {"name = \"../git\"", "`../git` is not the name of a Debian package"},
      {"name = \"g\"", "`g` is not the name of a Debian package"},
      {"name = \"a\\u0007b\"", "`a\\u0007b` is not the name of a Debian package"},
      {"version = \"1/2\"", "`1/2` is not the version of a Debian package"},
      {"version = \"\"", "`` is not the version of a Debian package"},
      {"architecture = \"-x\"", "`-x` is not an architecture"},
      {"archive = \"y\"", "`y` is none of the archives of this lock"},
      {"path = \"/pool/a.deb\"", "`/pool/a.deb` is not a path below the root of an archive"},
      {"path = \"pool/../../a.deb\"",
       "`pool/../../a.deb` is not a path below the root of an archive"},
      {"path = \"pool//a.deb\"", "`pool//a.deb` is not a path below the root of an archive"},
      {"path = \"./a.deb\"", "`./a.deb` is not a path below the root of an archive"},
      {"path = \"pool/\"", "`pool/` is not a path below the root of an archive"},
      {"path = \"..\"", "`..` is not a path below the root of an archive"},
      {"path = \"a b\"", "`a b` is not a path below the root of an archive"},
      {"path = \"p\\u00FC\"", "`p\xC3\xBC` is not a path below the root of an archive"},
      {"path = \"\"", "`` is not a path below the root of an archive"},
      {"size = -1", "`size` must be a number of bytes"},
  };
  for (const auto& [line, message] : cases) {
    CAPTURE(line);
    CHECK(refusal(package_with(line)) == message);
  }
  CHECK(!parse(package_with("sha256 = \"abc\"")));
  CHECK(refusal(package_with("size = 1\nextra = 1")) == "`extra` is not known here");
}

TEST_CASE("parse_project_lock: every finding of a system is told with its line") {
  const auto parsed = parse(
      "[system]\nsuit = \"x\"\n"
      "[[archive]]\ncodename = \"a b\"\nuri = \"https://me:secret@host/\"\ndate = \"today\"\n"
      "[[package]]\nlayer = \"base\"\n"
      "[python]\nversion = \"three\"\nurl = \"host\"\n");
  REQUIRE(!parsed);
  const auto line = [](const Error& error) {
    return std::to_string(error.location()->line) + " " + error.message() + "\n";
  };
  std::string found = line(parsed.error());
  for (const auto& other : parsed.error().others()) found += line(other);
  CHECK(found ==
        "3 `suit` is not known here\n"
        "5 `a b` is not the name of a suite\n"
        "6 a lock must hold no credentials\n"
        "7 `today` is not a time such as `2024-05-01T12:00:00Z`\n"
        "8 a package has no `name`\n"
        "8 a package has no `version`\n"
        "8 a package has no `architecture`\n"
        "8 a package has no `archive`\n"
        "8 a package has no `path`\n"
        "8 a package has no `size`\n"
        "8 a package has no `sha256`\n"
        "11 `three` is not a valid version\n"
        "12 `host` is not a usable URL: it has no scheme\n"
        "10 `python` has no `sha256`\n");
}

TEST_CASE("parse_project_lock: parts of a system need each other") {
  CHECK(refusal("[[archive]]\ncodename = \"x\"\nuri = \"https://host/\"\n") ==
        "`archive` needs a `[system]`");
  CHECK(refusal("[python]\n") == "`python` needs a `[system]`");
  CHECK(refusal("system = 1\n[python]\n") == "`system` must be a table");
  const std::string archive = "[[archive]]\ncodename = \"x\"\nuri = \"https://host/\"\n";
  CHECK(refusal("[system]\n" + archive + archive) == "`x` is given to two archives");

  ProjectLock twice{.system = example()};
  twice.system->base_packages.push_back(twice.system->base_packages.back());
  const auto parsed = lock::parse_project_lock(to_toml(twice));
  REQUIRE(!parsed);
  CHECK(parsed.error().message() == "`tini` is twice in the layer `base`");

  ProjectLock both{.system = example()};
  both.system->python_packages = {deb("python3", "3.13.5-1")};
  const auto refused = lock::parse_project_lock(to_toml(both));
  REQUIRE(!refused);
  CHECK(refused.error().message() == "`python` stands beside packages of the layer `python`");
}

TEST_CASE("system_changes: wishes first, then packages by name, then the interpreter") {
  SystemLock after = example();
  after.suite = "bookworm";
  after.base_names = {"libc6", "tini=0.19"};
  after.system_names = {"ffmpeg=7:7.1.2-1", "git"};
  after.base_packages = {deb("libc6", "2.41-12", 'd')};
  after.system_packages = {deb("ffmpeg", "7:7.1.2-1"), deb("git", "1:2.47.3-1")};
  after.python->version = "3.12.12";
  CHECK(lock::system_changes(example(), after) ==
        std::vector<std::string>{
            "suite: trixie -> bookworm",
            "base packages: tini -> tini=0.19",
            "system_packages: ffmpeg -> ffmpeg=7:7.1.2-1",
            "system_packages: + git",
            "ffmpeg 7:7.1.1-1 -> 7:7.1.2-1",
            "+ git 1:2.47.3-1",
            "libc6 2.41-12 sha256:" + std::string(64, 'a') +
                " -> 2.41-12 sha256:" + std::string(64, 'd'),
            "- tini 0.19.0-1",
            "CPython 3.12.11 -> 3.12.12",
        });
  CHECK(lock::system_changes(example(), example()).empty());
}

TEST_CASE("system_changes: a package that moves up, another order and another archive of Python") {
  SystemLock before = example();
  before.system_names = {"a", "b"};
  SystemLock after = before;
  after.system_names = {"b", "a"};
  after.system_packages.push_back(after.base_packages.back());
  after.base_packages.pop_back();
  after.python->location = "https://other/x.tar.gz";
  const std::string digest = to_string(after.python->digest);
  CHECK(lock::system_changes(before, after) ==
        std::vector<std::string>{"system_packages: another order",
                                 "tini 0.19.0-1 (base) -> 0.19.0-1 (system)",
                                 "CPython 3.12.11 (https://host/cpython-3.12.11.tar.gz " + digest +
                                     ") -> 3.12.11 (https://other/x.tar.gz " + digest + ")"});
  CHECK(lock::system_wish_changes(before, after) ==
        std::vector<std::string>{"system_packages: another order"});
}

TEST_CASE("system_changes: from nothing, and to nothing") {
  SystemLock one{.system_names = {"git"}, .system_packages = {deb("git", "1")}};
  CHECK(lock::system_changes({}, one) ==
        std::vector<std::string>{"system_packages: + git", "+ git 1"});
  CHECK(lock::system_changes(one, {}) ==
        std::vector<std::string>{"system_packages: - git", "- git 1"});
}
