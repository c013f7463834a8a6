#include "../../src/base/standalone_builds.hpp"

#include <cogbuild/base/standalone_python.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <tuple>

using namespace cogbuild;
using base::find_standalone;
using base::mirrored;
using base::standalone_releases;

TEST_CASE("find_standalone: an exact release, with everything that pins it") {
  const auto found = find_standalone("3.12.4", "x86_64");
  REQUIRE(found);
  CHECK(found->version == "3.12.4");
  CHECK(found->architecture == "x86_64");
  CHECK(found->tag == "20240726");
  CHECK(found->file_name ==
        "cpython-3.12.4%2B20240726-x86_64-unknown-linux-gnu-install_only_stripped.tar.gz");
  CHECK(found->location ==
        std::string(base::kStandaloneDownloads) + "/20240726/" + found->file_name);
  CHECK(found->digest.hex() == "ca076aee4329f53f988346eb0521ad2a2cf7f723b6296088d03b98d8f22f5420");
}

TEST_CASE("find_standalone: archives from before there were stripped ones") {
  const auto found = find_standalone("3.8.18", "aarch64");
  REQUIRE(found);
  CHECK(found->location ==
        "https://github.com/astral-sh/python-build-standalone/releases/download/20240224/"
        "cpython-3.8.18%2B20240224-aarch64-unknown-linux-gnu-install_only.tar.gz");
  CHECK(found->digest.hex() == "6588c9eed93833d9483d01fe40ac8935f691a1af8e583d404ec7666631b52487");
}

TEST_CASE("find_standalone: a series means its newest release") {
  for (const auto* architecture : {"x86_64", "aarch64"})
    for (const auto* series : {"3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14"}) {
      CAPTURE(series);
      const auto releases = standalone_releases(series, architecture);
      REQUIRE(!releases.empty());
      const auto newest = find_standalone(series, architecture);
      REQUIRE(newest);
      CHECK(newest->version == releases.back());
      CHECK(newest->file_name.ends_with("-install_only_stripped.tar.gz"));
    }
}

TEST_CASE("standalone_releases: in the order of numbers, not of letters") {
  const auto releases = standalone_releases("3.13", "x86_64");
  REQUIRE(releases.size() >= 11);
  CHECK(releases.front() == "3.13.0");
  CHECK(releases[2] == "3.13.2");
  CHECK(releases[10] == "3.13.10");
  CHECK(standalone_releases("3.7", "x86_64").empty());
  CHECK(standalone_releases("", "x86_64").empty());
}

TEST_CASE("find_standalone: what there is not") {
  CHECK(!find_standalone("3.7", "x86_64"));
  CHECK(!find_standalone("3.99", "x86_64"));
  CHECK(!find_standalone("2.12", "x86_64"));
  CHECK(!find_standalone("3.12.99", "x86_64"));
  CHECK(!find_standalone("3.12", "amd64"));
  CHECK(!find_standalone("3.8.12", "aarch64"));
  for (const auto* text : {"", "3", "3.", "3.12.", "3.12.4.1", "3.x", " 3.12", "3.12rc1"})
    CHECK_MESSAGE(!find_standalone(text, "x86_64"), text);
}

TEST_CASE("choose_standalone: the very release, else the newest of its series with a warning") {
  auto chosen = base::choose_standalone("3.12.4", "x86_64");
  REQUIRE(chosen);
  CHECK(chosen->python.version == "3.12.4");
  CHECK(chosen->warning.empty());
  chosen = base::choose_standalone("3.10.1", "aarch64");
  REQUIRE(chosen);
  CHECK(chosen->python == find_standalone("3.10", "aarch64"));
  CHECK(chosen->warning ==
        "there is no build of Python 3.10.1 to compose a base with; Python 3.10.21 is taken");

  auto failed = base::choose_standalone("3.7.1", "x86_64");
  REQUIRE(!failed);
  CHECK(failed.error().kind() == ErrorKind::config);
  CHECK(failed.error().message() == "there is no Python 3.7 to compose a base with");
  failed = base::choose_standalone("", "x86_64");
  REQUIRE(!failed);
  CHECK(failed.error().message() == "no version of Python is asked for");
  failed = base::choose_standalone("3.x", "x86_64");
  REQUIRE(!failed);
  CHECK(failed.error().message() == "`3.x` is no version of Python");
}

TEST_CASE("the table of builds is whole, sorted, and has no release twice") {
  using base::standalone_builds::kRows;
  using base::standalone_builds::Row;
  const auto key = [](const Row& row) { return std::tuple(row.minor, row.patch, row.machine); };
  CHECK(std::ranges::is_sorted(kRows, {}, key));
  CHECK(std::ranges::adjacent_find(kRows, {}, key) == kRows.end());
  for (const Row& row : kRows) {
    CAPTURE(row.minor);
    CAPTURE(row.patch);
    CHECK(row.minor >= 8);
    CHECK(row.tag > 20200000);
    CHECK(row.tag < 21000000);
    CHECK(digest::Digest::parse_hex(row.sha256));
  }
}

TEST_CASE("mirrored: a mirror takes the place of the downloads' address") {
  const std::string location = std::string(base::kStandaloneDownloads) + "/20240726/a%2Bb.tar.gz";
  CHECK(mirrored(location, "https://mirror.example/py") ==
        "https://mirror.example/py/20240726/a%2Bb.tar.gz");
  CHECK(mirrored(location, "https://mirror.example/py//") ==
        "https://mirror.example/py/20240726/a%2Bb.tar.gz");
  CHECK(mirrored(location, "file:///srv/py") == "file:///srv/py/20240726/a%2Bb.tar.gz");
  CHECK(mirrored(location, "") == location);
  CHECK(mirrored("https://elsewhere.example/a.tar.gz", "https://mirror.example") ==
        "https://elsewhere.example/a.tar.gz");
  const std::string neighbour = std::string(base::kStandaloneDownloads) + "s/a.tar.gz";
  CHECK(mirrored(neighbour, "https://mirror.example") == neighbour);
}
