#include <cogbuild/debian/release.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace cogbuild;
using debian::parse_release;
using debian::parse_release_date;
using debian::Release;
using debian::to_release_date;

namespace {

const std::string kA(64, 'a');
const std::string kB(64, 'b');

const std::string kHead =
    "Origin: Debian\nLabel: Debian-Security\nSuite: oldstable-security\nVersion: 12\n"
    "Codename: bookworm-security\nDate: Sat, 11 Jul 2026 10:16:37 UTC\n";

Release release(const std::string& text) {
  auto parsed = parse_release(text, "InRelease");
  REQUIRE_MESSAGE(parsed, (parsed ? "" : render(parsed.error())));
  return *std::move(parsed);
}

std::string problem(const std::string& text) {
  const auto parsed = parse_release(text, "InRelease");
  return parsed ? "" : render(parsed.error());
}

std::chrono::sys_seconds date(const std::string& text) {
  const auto parsed = parse_release_date(text);
  REQUIRE_MESSAGE(parsed, text);
  return *parsed;
}

std::string date_problem(const std::string& text) {
  const auto parsed = parse_release_date(text);
  return parsed ? "" : parsed.error().message();
}

std::string check_problem(const Release& release, const debian::ReleaseCheck& against) {
  const auto checked = debian::check(release, against);
  return checked ? "" : render(checked.error());
}

}  // namespace

TEST_CASE("parse_release: the fields and the table, sorted by path") {
  const Release read = release(kHead +
                               "Valid-Until: Sat, 18 Jul 2026 10:16:37 UTC\n"
                               "Acquire-By-Hash: yes\nArchitectures: all amd64  arm64\n"
                               "Components: main contrib\nDescription: x\nMD5Sum:\n"
                               " 00 1 nothing\nSHA256:\n " +
                               kB + "  8406344 main/binary-amd64/Packages.xz\n " + kA +
                               " 0 main/binary-amd64/Packages\n");
  CHECK(read.origin == "Debian");
  CHECK(read.label == "Debian-Security");
  CHECK(read.suite == "oldstable-security");
  CHECK(read.codename == "bookworm-security");
  CHECK(read.version == "12");
  CHECK(to_release_date(read.date) == "Sat, 11 Jul 2026 10:16:37 UTC");
  REQUIRE(read.valid_until);
  CHECK(*read.valid_until - read.date == std::chrono::days(7));
  CHECK(read.acquire_by_hash);
  CHECK(read.architectures == std::vector<std::string>{"all", "amd64", "arm64"});
  CHECK(read.components == std::vector<std::string>{"main", "contrib"});
  REQUIRE(read.files.size() == 2);
  CHECK(read.files[0].path == "main/binary-amd64/Packages");
  const auto* file = read.find("main/binary-amd64/Packages.xz");
  REQUIRE(file != nullptr);
  CHECK(file->size_bytes == 8406344);
  CHECK(file->digest.hex() == kB);
  CHECK(debian::by_hash_path(*file) == "main/binary-amd64/by-hash/SHA256/" + kB);
  CHECK(read.find("main/binary-amd64/Packages.gz") == nullptr);
}

TEST_CASE("by_hash_path: of a flat archive") {
  CHECK(debian::by_hash_path({.path = "Packages.gz", .digest = *digest::Digest::parse_hex(kA)}) ==
        "by-hash/SHA256/" + kA);
}

TEST_CASE("parse_release: what is missing or wrong is named with its line") {
  CHECK(problem("") == "InRelease:1: error: a Release is one stanza, not 0\n");
  CHECK(problem("A: 1\n\nB: 2\n") == "InRelease:3: error: a Release is one stanza, not 2\n");
  CHECK(problem("Suite: s\nSHA256:\n") == "InRelease:1: error: the Release has no Date\n");
  CHECK(problem(kHead) ==
        "InRelease:1: error: the Release has no SHA256 table\n"
        "hint: an archive must list SHA-256 digests; older ones are not secure\n");
  CHECK(problem("Date: yesterday\n") ==
        "InRelease:1: error: Date: `yesterday` is not a date: `Sat, 11 Jul 2026 10:16:37 UTC` is "
        "the form\n");
  CHECK(problem(kHead + "Valid-Until: Sat, 18 Jul 2026 10:16:37 +0200\n") ==
        "InRelease:7: error: Valid-Until: `Sat, 18 Jul 2026 10:16:37 +0200` is not a date: it must "
        "be in UTC\n");
  CHECK(problem(kHead + "SHA256:\nSHA256:\n") ==
        "InRelease:8: error: the field `SHA256` is given twice\n");
  for (const std::string& line :
       {kA + " 1 ../Packages", kA + " 1 /Packages", kA + " -1 Packages", kA + " 1",
        std::string("12 1 Packages"), kA + " 1 a/../../b", std::string("x")}) {
    CHECK(problem(kHead + "SHA256:\n " + line + "\n") ==
          "InRelease:7: error: a line of the SHA256 table is not a digest, a size and a relative "
          "path: `" +
              line + "`\n");
  }
  CHECK(problem(kHead + "SHA256:\n " + kA + " 1 x\n " + kB + " 1 x\n") ==
        "InRelease:7: error: the SHA256 table has `x` twice, with different contents\n");
  CHECK(problem(kHead + "SHA256:\n " + kA + " 1 x\n " + kA + " 1 x\n") == "");
}

TEST_CASE("parse_release_date: the forms of a Release, and their print") {
  using std::chrono::seconds;
  CHECK(date("Thu, 01 Jan 1970 00:00:00 UTC").time_since_epoch() == seconds(0));
  CHECK(date("Sat, 11 Jul 2026 10:16:37 UTC").time_since_epoch() == seconds(1783764997));
  CHECK(date("11 Jul 2026 10:16:37 +0000") == date("Sat, 11 Jul 2026 10:16:37 GMT"));
  CHECK(date("Sun,  1 Mar 2026  8:05:00 Z") == date("Sun, 01 Mar 2026 08:05:00 -0000"));
  CHECK(date("Thu, 29 Feb 2024 23:59:59 UTC") < date("Fri, 01 Mar 2024 00:00:00 UTC"));
  for (const std::string text : {"Sat, 11 Jul 2026 10:16:37 UTC", "Thu, 01 Jan 1970 00:00:00 UTC",
                                 "Thu, 29 Feb 2024 23:59:59 UTC", "Wed, 31 Dec 2031 12:00:01 UTC"})
    CHECK(to_release_date(date(text)) == text);
}

TEST_CASE("parse_release_date: anything else is refused") {
  for (const std::string text :
       {"", "Sat,", "Sat, 11 July 2026 10:16:37 UTC", "Foo, 11 Jul 2026 10:16:37 UTC",
        "Sat, 11 Jul 26 10:16:37 UTC", "Sat, 11 Jul 2026 10:16 UTC",
        "Sat, 11 Jul 2026 24:00:00 UTC", "Sat, 11 Jul 2026 10:60:00 UTC",
        "Sat, 11 Jul 2026 10:16:60 UTC", "Sat, 11 Jul 2026 10:16:37 UTC x", "2026-07-11T10:16:37Z",
        "Sat, 111 Jul 2026 1:1:1 UTC"}) {
    CAPTURE(text);
    CHECK(date_problem(text) != "");
  }
  CHECK(date_problem("30 Feb 2026 10:16:37 UTC") ==
        "`30 Feb 2026 10:16:37 UTC` is not a date: there is no such day");
  CHECK(date_problem("00 Jan 2026 10:16:37 UTC") ==
        "`00 Jan 2026 10:16:37 UTC` is not a date: there is no such day");
  CHECK(date_problem("Sat, 11 Jul 2026 10:16:37 CEST") ==
        "`Sat, 11 Jul 2026 10:16:37 CEST` is not a date: it must be in UTC");
}

TEST_CASE("check: the suite that was asked for, by either name") {
  const Release read = release(kHead + "SHA256:\n");
  const std::string_view mirror = "https://mirror.example/debian-security";
  CHECK(check_problem(read, {.asked_suite = "bookworm-security", .mirror = mirror}) == "");
  CHECK(check_problem(read, {.asked_suite = "oldstable-security", .mirror = mirror}) == "");
  CHECK(check_problem(read, {.asked_suite = "./", .mirror = mirror}) == "");
  CHECK(check_problem(read, {.asked_suite = "trixie-security", .mirror = mirror}) ==
        "error: https://mirror.example/debian-security answers with the suite `bookworm-security` "
        "(`oldstable-security`), not `trixie-security`\n"
        "hint: ask for `bookworm-security` if that is meant, or use another mirror\n");
  CHECK(debian::check(read, {.asked_suite = "x"}).error().kind() == ErrorKind::integrity);
}

TEST_CASE("check: an expired Release, its mirror and its dates") {
  const Release read = release(kHead + "Valid-Until: Sat, 18 Jul 2026 10:16:37 UTC\nSHA256:\n");
  debian::ReleaseCheck against{.asked_suite = "bookworm-security",
                               .mirror = "https://mirror.example/debian-security",
                               .now = date("Sat, 18 Jul 2026 10:16:37 UTC")};
  CHECK(check_problem(read, against) == "");
  against.now += std::chrono::hours(24 * 19 + 3);
  CHECK(check_problem(read, against) ==
        "error: the index of `bookworm-security` on https://mirror.example/debian-security, made "
        "Sat, 11 Jul 2026 10:16:37 UTC, expired on Sat, 18 Jul 2026 10:16:37 UTC, 19 days ago\n"
        "hint: use a mirror that is up to date, or say `Check-Valid-Until: no` for this source if "
        "an old state is meant\n");
  against.check_valid_until = false;
  CHECK(check_problem(read, against) == "");
  // Without the field nothing expires.
  against.check_valid_until = true;
  CHECK(check_problem(release(kHead + "SHA256:\n"), against) == "");
}
