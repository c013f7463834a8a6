#include <cogbuild/apt/host_sources.hpp>
#include <cogbuild/io/file.hpp>

#include <doctest/doctest.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

using namespace cogbuild;

namespace {

constexpr const char* kBookworm = "ID=debian\nVERSION_CODENAME=bookworm\n";

// A root of a host with these files.
struct Root {
  io::TempDir folder = *io::TempDir::create();

  explicit Root(const std::map<std::string, std::string>& files) {
    for (const auto& [path, content] : files) {
      const auto target = folder.path() / path;
      std::filesystem::create_directories(target.parent_path());
      REQUIRE(io::write_atomically(target, content).has_value());
    }
  }
  [[nodiscard]] const std::filesystem::path& path() const { return folder.path(); }
};

std::vector<std::string> lines(const apt::SourceSet& set) {
  std::vector<std::string> out;
  for (const auto& source : set.sources) out.push_back(to_string(source));
  return out;
}

std::vector<std::string> keyrings(const apt::SourceSet& set) {
  std::vector<std::string> out;
  for (const auto& [path, content] : set.keyrings) out.push_back(path + "=" + content);
  return out;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("host_sources: rewrites the distribution's own suites to the one asked for") {
  const Root root(
      {{"etc/os-release", kBookworm},
       {"usr/share/keyrings/debian-archive-keyring.gpg", "all"},
       {"etc/apt/sources.list.d/debian.sources",
        "Types: deb\nURIs: http://m.example/debian\nSuites: bookworm bookworm-updates "
        "bookworm-backports\nComponents: main contrib\nArchitectures: amd64\n"
        "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n\n"
        "Types: deb deb-src\nURIs: http://m.example/debian-security\nSuites: bookworm-security\n"
        "Components: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n"}});
  const auto same = apt::host_sources("bookworm", root.path());
  REQUIRE(same.has_value());
  CHECK(lines(*same) == Lines{"http://m.example/debian bookworm main",
                              "http://m.example/debian bookworm-updates main",
                              "http://m.example/debian-security bookworm-security main"});
  CHECK(same->sources[0].serves("arm64"));
  CHECK(same->origin == "apt of this host");
  CHECK_FALSE(same->allow_unsigned);
  CHECK(same->dispensable_suites == std::set<std::string>{"bookworm-updates"});
  CHECK(keyrings(*same) == Lines{"usr/share/keyrings/debian-archive-keyring.gpg=all"});

  const auto newer = apt::host_sources("trixie", root.path());
  REQUIRE(newer.has_value());
  CHECK(lines(*newer) == Lines{"http://m.example/debian trixie main",
                               "http://m.example/debian trixie-updates main",
                               "http://m.example/debian-security trixie-security main"});
  // Unstable gets its fixes itself.
  const auto rolling = apt::host_sources("sid", root.path());
  REQUIRE(rolling.has_value());
  CHECK(lines(*rolling) == Lines{"http://m.example/debian sid main"});
}

TEST_CASE("host_sources: never takes over sources of others") {
  const Root root(
      {{"etc/os-release", kBookworm},
       {"etc/apt/trusted.gpg.d/debian-archive-bookworm-stable.asc", "stable"},
       {"etc/apt/trusted.gpg.d/vendor.gpg", "vendor"},
       {"etc/apt/sources.list",
        "# the distribution, in the old form\n"
        "deb http://m.example/debian/ bookworm main\n"
        "deb http://m.example/debian bookworm/updates main\n"
        "deb http://second.example/debian bookworm main\n"
        "deb http://m.example/debian bookworm contrib\n"
        "deb [trusted=yes] http://m.example/debian stable-updates main\n"},
       {"etc/apt/sources.list.d/vendor.list",
        "deb http://vendor.example/apt bookworm main\n"
        "deb [signed-by=/usr/share/keyrings/vendor.gpg] http://vendor.example/debian bookworm "
        "main\n"
        "deb [signed-by=0123456789012345678901234567890123456789] http://v.example/debian "
        "bookworm main\n"
        "deb http://vendor.example/debian cloud-sdk-bookworm main\n"},
       {"etc/apt/sources.list.d/off.sources",
        "Types: deb\nEnabled: no\nURIs: http://off.example/debian\nSuites: bookworm\n"
        "Components: main\n"},
       {"etc/apt/sources.list.d/disc.list", "deb cdrom:[Debian]/ bookworm main\n"},
       {"etc/apt/sources.list.d/backup.list.save", "deb http://old.example/debian bookworm main\n"},
       {"usr/share/keyrings/vendor.gpg", "vendor"}});
  const auto set = apt::host_sources("bookworm", root.path());
  REQUIRE(set.has_value());
  CHECK(lines(*set) == Lines{"http://m.example/debian/ bookworm main",
                             "http://m.example/debian bookworm-security main",
                             "http://m.example/debian bookworm-updates main"});
  CHECK(keyrings(*set) == Lines{"etc/apt/trusted.gpg.d/debian-archive-bookworm-stable.asc=stable"});
}

TEST_CASE("host_sources: Ubuntu's universe counts, derivatives count as what they derive from") {
  const Root root({{"etc/os-release",
                    "ID=linuxmint\nID_LIKE=\"ubuntu debian\"\nUBUNTU_CODENAME=jammy\n"
                    "VERSION_CODENAME=vera\n"},
                   {"usr/share/keyrings/ubuntu-archive-keyring.gpg", "u"},
                   {"etc/apt/sources.list.d/official.list",
                    "deb http://mint.example vera main\n"
                    "deb http://u.example/ubuntu jammy main restricted\n"
                    "deb http://u.example/ubuntu jammy universe\n"
                    "deb http://u.example/ubuntu jammy-security main universe multiverse\n"}});
  const auto set = apt::host_sources("noble", root.path());
  REQUIRE(set.has_value());
  CHECK(lines(*set) == Lines{"http://u.example/ubuntu noble main universe",
                             "http://u.example/ubuntu noble-security main universe"});
}

TEST_CASE("host_sources: says why a host has none") {
  const std::string hint =
      "hint: name the archive yourself: `debian.sources` in cogbuild.yaml takes lines as of "
      "sources.list\n";
  struct Case {
    std::map<std::string, std::string> files{};
    std::string message{};
  };
  const Case cases[] = {
      {{},
       "error: apt of this host has no sources for `trixie`: it is neither Debian nor Ubuntu\n" +
           hint},
      {{{"etc/os-release", "ID=fedora\nVERSION_CODENAME=\"\"\n"}},
       "error: apt of this host has no sources for `trixie`: it is neither Debian nor Ubuntu\n" +
           hint},
      {{{"usr/lib/os-release", "ID=ubuntu\nVERSION_CODENAME=noble\n"}},
       "error: apt of this host has no sources for `trixie`: that is a suite of debian, this is "
       "ubuntu\n" +
           hint},
      {{{"etc/os-release", kBookworm},
        {"etc/apt/sources.list", "deb http://m.example/debian-security bookworm-security main\n"}},
       "error: apt of this host has no sources for `trixie`: none of debian bookworm itself\n" +
           hint},
      {{{"etc/os-release", kBookworm}, {"etc/apt/sources.list", "deb cdrom:[x]/ bookworm main\n"}},
       "error: apt of this host has no sources for `trixie`: none of debian bookworm itself\n" +
           hint +
           "/etc/apt/sources.list:1: error: sources of kind `cdrom:` are not supported\n"
           "hint: use an http, https or file URI, or set mirrors in cogbuild.yaml\n"},
  };
  for (const auto& [files, message] : cases) {
    const Root root(files);
    const auto set = apt::host_sources("trixie", root.path());
    REQUIRE_FALSE(set.has_value());
    CHECK(set.error().kind() == ErrorKind::not_found);
    CHECK(render(set.error()) == message);
  }
}

TEST_CASE("base_sources: takes what the base's own apt would ask, with the keys it trusts") {
  const auto set = apt::base_sources(
      {{"etc/apt/sources.list.d/cuda.list",
        "deb [signed-by=/usr/share/keyrings/cuda.gpg] http://c.example/cuda/ /\n"},
       {"etc/apt/sources.list",
        "deb http://m.example/debian bookworm main\ndeb file:///var/cuda-repo ./\n"},
       {"etc/apt/trusted.gpg.d/a.asc", "a"},
       {"etc/apt/trusted.gpg.d/README", "no"},
       {"usr/share/keyrings/cuda.gpg", "cuda"},
       {"usr/share/keyrings/unused.gpg", "no"},
       {"var/lib/dpkg/status", ""}});
  REQUIRE(set.has_value());
  CHECK(lines(*set) == Lines{"http://m.example/debian bookworm main", "http://c.example/cuda/ /"});
  CHECK(keyrings(*set) ==
        Lines{"etc/apt/trusted.gpg.d/a.asc=a", "usr/share/keyrings/cuda.gpg=cuda"});
  CHECK(set->origin == "apt of the base");

  const auto none = apt::base_sources({{"etc/passwd", "root"}});
  REQUIRE(none.has_value());
  CHECK(none->sources.empty());

  const auto bad = apt::base_sources({{"etc/apt/sources.list", "dep http://m.example/ x main\n"}});
  REQUIRE_FALSE(bad.has_value());
  CHECK(render(bad.error()) ==
        "/etc/apt/sources.list:1: error: `dep` is not a type of source, only `deb` and `deb-src` "
        "are\n"
        "  while reading the apt sources of the base\n");
}

TEST_CASE("named_sources: takes the user's lines, the suite put in") {
  const Root root({{"usr/share/keyrings/debian-archive-keyring.gpg", "all"},
                   {"etc/apt/trusted.gpg.d/vendor.gpg", "not theirs"},
                   {"opt/keys/own.asc", "own"}});
  const std::vector<std::string> named = {
      "deb http://m.example/debian {suite} main",
      "deb [signed-by=/opt/keys/own.asc] http://me:pw@own.example/{suite} {suite}-x main extra",
      "deb [trusted=yes] file:/srv/flat ./"};
  const auto set = apt::named_sources(named, "trixie", "cogbuild.yaml", root.path());
  REQUIRE(set.has_value());
  CHECK(lines(*set) == Lines{"http://m.example/debian trixie main",
                             "http://own.example/trixie trixie-x main extra",
                             "file:///srv/flat ./"});
  CHECK(keyrings(*set) ==
        Lines{"opt/keys/own.asc=own", "usr/share/keyrings/debian-archive-keyring.gpg=all"});
  CHECK(set->allow_unsigned);
  CHECK(set->origin == "cogbuild.yaml");
  CHECK(set->sources[1].uri.password == "pw");
}

TEST_CASE("named_sources: says which line is wrong, without its credentials") {
  const Root root({});
  const auto message = [&](const std::string& line) {
    const std::vector<std::string> named = {"deb http://m.example/debian {suite} main", line};
    const auto set = apt::named_sources(named, "trixie", "cogbuild.yaml", root.path());
    REQUIRE_FALSE(set.has_value());
    return render(set.error());
  };
  CHECK(message("http://me:pw@m.example {suite} main") ==
        "error: `…@m.example` is not a type of source, only `deb` and `deb-src` are\n"
        "  while reading source 2 of cogbuild.yaml\n");
  CHECK(message("deb ftp://me:pw@m.example {suite} main") ==
        "error: sources of kind `ftp:` are not supported\n"
        "  while reading source 2 of cogbuild.yaml\n"
        "hint: use an http, https or file URI, or set mirrors in cogbuild.yaml\n");
  CHECK(message("deb [signed-by=/no/where.gpg] http://m.example {suite} main") ==
        "error: the keyring `/no/where.gpg` cannot be read\n"
        "  while reading source 2 of cogbuild.yaml\n"
        "hint: `signed-by` names a file of this machine: put the archive's key there\n");
}
