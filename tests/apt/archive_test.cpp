#include "fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace cogbuild;
using apt::Fixture;
using apt::names;
using testing::ServerRequest;
using testing::ServerResponse;

namespace {

using Names = std::vector<std::string>;
using Lines = std::vector<std::string>;

constexpr const char* kReading = "  while reading http://mirror/debian trixie main\n";

}  // namespace

TEST_CASE_FIXTURE(Fixture, "read_archives: reads a signed archive") {
  const auto archives = read();
  REQUIRE(archives.has_value());
  REQUIRE(archives->size() == 1);
  const auto& only = archives->front();
  CHECK(only.release.codename == "trixie");
  CHECK(only.source == set.sources.front());
  CHECK(names(only.packages) == Names{"libfoo", "tool"});
  CHECK(only.packages[0].depends == "libc6");
  CHECK(server.request_lines() == Lines{"GET /debian/dists/trixie/InRelease",
                                        "GET /debian/dists/trixie/main/binary-amd64/Packages.xz"});
}

TEST_CASE_FIXTURE(Fixture, "read_archives: an archive that did not change costs one small answer") {
  REQUIRE(read().has_value());
  const int started = runner.count;
  server.forget_requests();
  const auto again = read();
  REQUIRE(again.has_value());
  CHECK(names(again->front().packages) == Names{"libfoo", "tool"});
  CHECK(server.request_lines() == Lines{"GET /debian/dists/trixie/InRelease"});
  CHECK(server.requests().front().header("if-none-match").size() == 10);
  CHECK(runner.count == started);

  // A mirror without validators sends it whole: the same bytes need no second look.
  has_validators = false;
  REQUIRE(read().has_value());
  CHECK(runner.count == started);

  // A new state of the archive is verified anew.
  has_validators = true;
  archive.date = "Sat, 11 Jul 2026 12:00:00 UTC";
  archive.packages.pop_back();
  publish();
  const auto newer = read();
  REQUIRE(newer.has_value());
  CHECK(names(newer->front().packages) == Names{"libfoo"});
  CHECK(runner.count == started + 1);
}

TEST_CASE_FIXTURE(Fixture, "read_archives: --refresh asks for what it has") {
  REQUIRE(read().has_value());
  server.forget_requests();
  services.refresh = true;
  REQUIRE(read().has_value());
  CHECK(server.requests().front().header("if-none-match").empty());
}

TEST_CASE_FIXTURE(Fixture, "read_archives: --offline takes what is there, however old") {
  services.offline = true;
  CHECK(failure() ==
        std::string("error: the index of `trixie` on http://mirror/debian is not in the cache, and "
                    "--offline forbids to ask for it\n") +
            kReading + "hint: run it once without --offline\n");
  services.offline = false;
  archive.valid_until = "Mon, 13 Jul 2026 00:00:00 UTC";
  publish();
  REQUIRE(read().has_value());
  server.forget_requests();
  services.offline = true;
  set_time("Sun, 12 Jul 2027 00:00:00 UTC");
  const auto archives = read();
  REQUIRE(archives.has_value());
  CHECK(names(archives->front().packages) == Names{"libfoo", "tool"});
  CHECK(server.request_lines().empty());

  // Keys that are trusted no longer do not count offline either.
  set.sources.front().signed_by.fingerprints = {"0123456789012345678901234567890123456789"};
  CHECK(failure() ==
        std::string("error: the index of `trixie` on http://mirror/debian was verified with other "
                    "keys than those that are trusted now, and --offline forbids to ask for it\n") +
            kReading + "hint: run it once without --offline\n");
}

TEST_CASE_FIXTURE(Fixture, "read_archives: takes every compression, the best to decode first") {
  const auto form_of = [this](std::vector<std::string> forms) {
    archive.forms = std::move(forms);
    publish();
    blobs = store::MemoryBlobStore();
    server.forget_requests();
    const auto archives = read();
    REQUIRE(archives.has_value());
    CHECK(names(archives->front().packages) == Names{"libfoo", "tool"});
    const auto line = server.request_lines().back();
    return line.substr(line.rfind('/') + 1);
  };
  CHECK(form_of({"", ".gz", ".xz", ".zst"}) == "Packages.zst");
  CHECK(form_of({"", ".gz", ".xz"}) == "Packages.xz");
  CHECK(form_of({"", ".gz"}) == "Packages.gz");
  CHECK(form_of({""}) == "Packages");
}

TEST_CASE_FIXTURE(Fixture, "read_archives: fetches by hash where the Release says so") {
  archive.by_hash = true;
  publish();
  const auto list = files.at("dists/trixie/main/binary-amd64/Packages.xz");
  const auto by_hash =
      "/debian/dists/trixie/main/binary-amd64/by-hash/SHA256/" + digest::digest_of(list).hex();
  // What is under the plain name may be of another moment.
  files["dists/trixie/main/binary-amd64/Packages.xz"] = "of another moment";
  const auto archives = read();
  REQUIRE(archives.has_value());
  CHECK(names(archives->front().packages) == Names{"libfoo", "tool"});
  CHECK(server.request_lines().back() == "GET " + by_hash);

  SUBCASE("unless the source forbids it") {
    publish();
    blobs = store::MemoryBlobStore();
    set.sources.front().by_hash = false;
    REQUIRE(read().has_value());
    CHECK(server.request_lines().back() ==
          "GET /debian/dists/trixie/main/binary-amd64/Packages.xz");
  }
  SUBCASE("and by name, where the mirror has it by name alone") {
    publish();
    blobs = store::MemoryBlobStore();
    std::erase_if(files,
                  [](const auto& file) { return file.first.find("by-hash") != file.first.npos; });
    REQUIRE(read().has_value());
    CHECK(server.request_lines().back() ==
          "GET /debian/dists/trixie/main/binary-amd64/Packages.xz");
  }
}

TEST_CASE_FIXTURE(Fixture, "read_archives: puts the components of a source together") {
  archive.components = {"main", "contrib"};
  archive.packages.push_back({.name = "extra", .component = "contrib"});
  archive.packages.push_back({.name = "data", .architecture = "all"});
  publish();
  set.sources = {source("trixie", {"contrib", "main"}), source("stable")};
  set.sources[1].uri.path += "/";
  files["dists/stable/InRelease"] = files.at("dists/trixie/InRelease");
  for (const char* list : {"main/binary-amd64/Packages.xz", "contrib/binary-amd64/Packages.xz"})
    files[std::string("dists/stable/") + list] = files.at(std::string("dists/trixie/") + list);
  const auto archives = read();
  REQUIRE(archives.has_value());
  REQUIRE(archives->size() == 2);
  CHECK(names((*archives)[0].packages) == Names{"extra", "libfoo", "tool", "data"});
  CHECK(names((*archives)[1].packages) == Names{"libfoo", "tool", "data"});
}

TEST_CASE_FIXTURE(Fixture, "read_archives: reads flat archives and those on disk") {
  archive.flat = true;
  publish();
  set.sources = {source("./", {})};
  const auto flat = read();
  REQUIRE(flat.has_value());
  CHECK(names(flat->front().packages) == Names{"libfoo", "tool"});
  CHECK(server.request_lines() == Lines{"GET /debian/InRelease", "GET /debian/Packages.xz"});

  const auto folder = *io::TempDir::create();
  for (const auto& [path, content] : files) {
    std::filesystem::create_directories((folder.path() / path).parent_path());
    REQUIRE(io::write_atomically(folder.path() / path, content).has_value());
  }
  server.forget_requests();
  set.sources.front().uri = *url::parse("file://" + folder.path().string());
  services.offline = true;  // a disk is no network
  const auto local = read();
  REQUIRE(local.has_value());
  CHECK(names(local->front().packages) == Names{"libfoo", "tool"});
  CHECK(server.request_lines().empty());
}

TEST_CASE_FIXTURE(Fixture, "read_archives: a Release whose signature is a file of its own") {
  publish_detached();
  const auto archives = read();
  REQUIRE(archives.has_value());
  CHECK(names(archives->front().packages) == Names{"libfoo", "tool"});
  const int started = runner.count;
  server.forget_requests();
  REQUIRE(read().has_value());
  CHECK(server.request_lines() == Lines{"GET /debian/dists/trixie/Release"});
  CHECK(runner.count == started);

  SUBCASE("does not hold for another text") {
    const auto before = cached();
    files["dists/trixie/Release"] += " ";
    CHECK(failure() ==
          std::string("error: the signature of the index of `trixie` on http://mirror/debian does "
                      "not fit what it signs (key KEY)\n") +
              kReading + "hint: the index was changed on its way: use another mirror\n");
    CHECK(cached() == before);
  }
  SUBCASE("must be there") {
    files["dists/trixie/Release"] += " ";
    files.erase("dists/trixie/Release.gpg");
    CHECK(failure() ==
          std::string("error: the index of `trixie` on http://mirror/debian has no signature\n") +
              kReading +
              "hint: use an archive that is signed; if this one is meant, say `trusted=yes` for it "
              "in `debian.sources` of cogbuild.yaml\n");
    set.sources.front().trusted = true;
    CHECK(failure() ==
          std::string("error: the index of `trixie` on http://mirror/debian has no signature\n") +
              kReading + "hint: `trusted=yes` counts in `debian.sources` of cogbuild.yaml alone\n");
    set.allow_unsigned = true;
    CHECK(read().has_value());
    // Both are needed.
    set.sources.front().trusted = false;
    CHECK_FALSE(read().has_value());
  }
}

TEST_CASE_FIXTURE(Fixture, "read_archives: a changed list of packages is an error, and not kept") {
  const std::string path = "dists/trixie/main/binary-amd64/Packages.xz";
  const auto size = files.at(path).size();
  const std::string hint =
      "hint: the mirror may be in the middle of an update: try again later or use another one\n";
  const std::string place = "http://mirror/debian/" + path;
  SUBCASE("of the same size") {
    const auto expected = digest::digest_of(files.at(path));
    files[path].back() ^= 1;
    CHECK(failure() ==
          fmt::format("error: {} is not what the signed index lists: it has the digest "
                      "{}, expected {}\n",
                      place, to_string(digest::digest_of(files.at(path))), to_string(expected)) +
              kReading + hint);
  }
  SUBCASE("shorter") {
    files[path].pop_back();
    CHECK(failure() == fmt::format("error: {} has {} bytes, but the signed index says {}\n", place,
                                   size - 1, size) +
                           kReading + hint);
  }
  SUBCASE("longer, without saying so") {
    twist = [&](const ServerRequest& request) -> std::optional<ServerResponse> {
      if (!request.target.ends_with(path)) return std::nullopt;
      return ServerResponse{.body = files.at(path) + "x", .chunked = true};
    };
    CHECK(failure() ==
          fmt::format("error: {} has more than the {} bytes that the signed index says\n", place,
                      size) +
              kReading + hint);
  }
  SUBCASE("not there") {
    files.erase(path);
    CHECK(failure() ==
          "error: `trixie` on http://mirror/debian lists `main/binary-amd64/Packages.xz`, but the "
          "mirror does not have it\n" +
              std::string(kReading) + hint);
  }
  CHECK(is_nothing_cached());
}

TEST_CASE_FIXTURE(Fixture, "read_archives: a list that unpacks to more than the index says") {
  archive.forms = {"", ".gz"};
  const auto files_before = archive.files();
  const auto plain = files_before.at("dists/trixie/main/binary-amd64/Packages");
  auto release = archive.release();
  replace(release, fmt::format(" {} main/binary-amd64/Packages\n", plain.size()),
          " 10 main/binary-amd64/Packages\n");
  files["dists/trixie/InRelease"] = apt::archive_key().clear_sign(release);
  files["dists/trixie/main/binary-amd64/Packages.gz"] =
      files_before.at("dists/trixie/main/binary-amd64/Packages.gz");
  CHECK(failure() ==
        std::string("error: `main/binary-amd64/Packages.gz` of `trixie` on http://mirror/debian "
                    "cannot be unpacked: it holds more than 10 bytes\n") +
            kReading);
  CHECK(is_nothing_cached());
}

TEST_CASE_FIXTURE(Fixture, "read_archives: a changed index is an error, and not kept") {
  auto& index = files.at("dists/trixie/InRelease");
  const std::string bad_signature =
      std::string(
          "error: the signature of the index of `trixie` on http://mirror/debian does not "
          "fit what it signs (key KEY)\n") +
      kReading + "hint: the index was changed on its way: use another mirror\n";
  SUBCASE("inside the signed text") {
    replace(index, "Codename: trixie", "Codename: trixiE");
    CHECK(failure() == bad_signature);
  }
  SUBCASE("with the signature of another text") {
    const auto other = apt::archive_key().clear_sign("Codename: trixie\n");
    index = index.substr(0, index.find("-----BEGIN PGP SIGNATURE")) +
            other.substr(other.find("-----BEGIN PGP SIGNATURE"));
    CHECK(failure() == bad_signature);
  }
  SUBCASE("before the signed text") {
    index = "Codename: evil\n\n" + index;
    CHECK(
        failure() ==
        std::string("error: the index of `trixie` on http://mirror/debian is not one signed text: "
                    "line 1 of the signed index, `Codename: evil`, stands before the signed "
                    "text\n") +
            kReading);
  }
  SUBCASE("after the signed text") {
    const auto lines = std::ranges::count(index, '\n');
    index += "Codename: evil\n";
    CHECK(
        failure() ==
        fmt::format("error: the index of `trixie` on http://mirror/debian is not one signed text: "
                    "line {} of the signed index, `Codename: evil`, stands after the signed "
                    "text\n",
                    lines + 1) +
            kReading);
  }
  SUBCASE("and has no signature any more") {
    index = archive.release();
    CHECK(
        failure() ==
        std::string("error: the index of `trixie` on http://mirror/debian is not one signed text: "
                    "line 1 of the signed index, `Origin: Debian`, stands before the signed "
                    "text\n") +
            kReading);
  }
  CHECK(is_nothing_cached());
}

TEST_CASE_FIXTURE(Fixture, "read_archives: only the keys that a source permits count") {
  const std::string hint =
      "hint: keyrings grow old: update the keyring package, or name the archive's keyring with "
      "`signed-by=`\n";
  const auto refused = [&](const std::string& why) {
    return "error: the index of `trixie` on http://mirror/debian has no signature that counts: " +
           why + "\n" + kReading + hint;
  };
  auto& signed_by = set.sources.front().signed_by;
  const auto fingerprint = apt::archive_key().fingerprint();
  SUBCASE("not one that is unknown") {
    const testing::SigningKey stranger;
    publish(stranger);
    CHECK(failure() ==
          refused(fmt::format("key {} is not in the keyring", stranger.fingerprint().substr(24))));
    CHECK(is_nothing_cached());
    // Beside a known one it does not matter.
    const auto text = archive.release();
    const auto block = [](const std::string& armour) {
      return testing::filtered("gpg --batch --quiet --dearmor", armour);
    };
    files.erase("dists/trixie/InRelease");
    files["dists/trixie/Release"] = text;
    files["dists/trixie/Release.gpg"] =
        block(stranger.detach_sign(text)) + block(apt::archive_key().detach_sign(text));
    CHECK(read().has_value());
  }
  SUBCASE("not one that has expired") {
    const testing::SigningKey old(true);
    publish(old);
    set.keyrings = {{"etc/apt/trusted.gpg.d/old.gpg", old.binary()}};
    CHECK(failure() == refused(fmt::format("key {} has expired", old.fingerprint().substr(24))));
    CHECK(is_nothing_cached());
  }
  SUBCASE("one by its fingerprint") {
    signed_by.fingerprints = {fingerprint};
    CHECK(read().has_value());
    signed_by.fingerprints = {fingerprint + "!"};
    CHECK(read().has_value());
    const auto before = cached();
    signed_by.fingerprints = {"0123456789012345678901234567890123456789"};
    CHECK(failure() == refused("key FINGERPRINT is not one that Signed-By permits"));
    CHECK(cached() == before);
  }
  SUBCASE("one in the source itself") {
    set.keyrings.clear();
    signed_by.key_block = apt::archive_key().armoured();
    CHECK(read().has_value());
  }
  SUBCASE("one in the keyring that the source names, and in no other") {
    const testing::SigningKey stranger;
    set.keyrings = {{"etc/apt/trusted.gpg.d/test.asc", apt::archive_key().armoured()},
                    {"usr/share/keyrings/own.gpg", stranger.binary()}};
    signed_by.keyrings = {"/usr/share/keyrings/own.gpg"};
    CHECK(failure() == refused("key KEY is not in the keyring"));
    signed_by.keyrings.emplace_back("/etc/apt/trusted.gpg.d/test.asc");
    CHECK(read().has_value());
    signed_by.keyrings = {"/no/where.gpg"};
    CHECK(failure() ==
          std::string("error: the keyring `/no/where.gpg`, whose keys sign `trixie` on "
                      "http://mirror/debian, does not exist (the test)\n") +
              kReading);
  }
  SUBCASE("none, without a keyring") {
    set.keyrings.clear();
    CHECK(failure() ==
          std::string("error: there is no keyring to verify `trixie` on http://mirror/debian with "
                      "(the test)\n") +
              kReading +
              "hint: install the distribution's keyring (debian-archive-keyring, ubuntu-keyring), "
              "or name one with `signed-by=`\n");
    set.keyrings = {{"etc/apt/trusted.gpg.d/test.asc", "no key"}};
    CHECK(failure() ==
          std::string("error: /etc/apt/trusted.gpg.d/test.asc: the keyring is damaged: it holds no "
                      "public key\n"
                      "  while preparing to verify `trixie` on http://mirror/debian\n") +
              kReading);
  }
}

TEST_CASE_FIXTURE(Fixture, "read_archives: the verifier's status lines decide, not its exit code") {
  const std::string valid = "0123456789012345678901234567890123456789";
  const auto line = [&](const std::string& hash) {
    return "[GNUPG:] VALIDSIG " + valid + " 2026-07-11 1 0 4 0 22 " + hash + " 01 " + valid + "\n";
  };
  const std::string good = "[GNUPG:] NEWSIG\n[GNUPG:] GOODSIG 0123 Archive\n";
  const std::string start = "error: the index of `trixie` on http://mirror/debian has no signature";
  const std::string hint =
      "hint: keyrings grow old: update the keyring package, or name the archive's keyring with "
      "`signed-by=`\n";
  struct Case {
    std::string status{};
    std::string message{};
  };
  const Case cases[] = {
      {good + line("10"), "no error"},
      {"[GNUPG:] ERRSIG A1 22 10 01 1 9 A1\n[GNUPG:] NO_PUBKEY A1\n" + good + line("8"),
       "no error"},
      {good + line("2"),
       start + " that counts: key " + valid + " signed with a weak hash\n" + kReading + hint},
      {good + line("1"),
       start + " that counts: key " + valid + " signed with a weak hash\n" + kReading + hint},
      {"[GNUPG:] EXPKEYSIG A1 Archive\n" + line("10"),
       start + " that counts: key A1 has expired\n" + kReading + hint},
      {"[GNUPG:] REVKEYSIG A1 Archive\n" + line("10") + "[GNUPG:] EXPSIG B2 x\n" + line("10"),
       start + " that counts: key A1 was revoked; key B2 has signed for a time that is over\n" +
           kReading + hint},
      {"[GNUPG:] ERRSIG A\033 22 10 01 1 4 A1\n",
       start + " that counts: key A? signed in a way that cannot be checked\n" + kReading + hint},
      // A line that a signer's name or a text could have brought.
      {"gpgv: " + good + "x" + line("10") + "[GNUPG:] NODATA 4\n", start + "\n" + kReading},
      {line("10"), start + "\n" + kReading},
      {"", start + "\n" + kReading},
      {good + line("10") + "[GNUPG:] BADSIG B2 x\n",
       std::string("error: the signature of the index of `trixie` on http://mirror/debian does not "
                   "fit what it signs (key B2)\n") +
           kReading + "hint: the index was changed on its way: use another mirror\n"},
  };
  for (const auto& [status, message] : cases) {
    CAPTURE(status);
    forget();
    apt::FakeVerifier verifier(status);
    verifier.text = archive.release();
    const auto archives =
        apt::read_archives(set, "amd64", {http, blobs, keys, verifier, clock, reporter});
    CHECK((archives ? "no error" : normal(render(archives.error()))) == message);
  }
  // What it prints is read, and nothing else.
  apt::FakeVerifier verifier(good + line("10"));
  verifier.text = "Codename: trixie\n";
  forget();
  const auto archives =
      apt::read_archives(set, "amd64", {http, blobs, keys, verifier, clock, reporter});
  REQUIRE_FALSE(archives.has_value());
  CHECK(normal(render(archives.error())) ==
        std::string("http://mirror/debian/dists/trixie/InRelease:1: error: the Release has no "
                    "Date\n") +
            kReading);
}

TEST_CASE_FIXTURE(Fixture, "read_archives: another verifier serves, none is an error") {
  const std::string status =
      "[GNUPG:] GOODSIG 0123 Archive\n[GNUPG:] VALIDSIG A1 2026-07-11 1 0 4 0 22 10 01 A1\n";
  apt::FakeVerifier sequoia(status, "gpgv-sq");
  sequoia.text = archive.release();
  CHECK(
      apt::read_archives(set, "amd64", {http, blobs, keys, sequoia, clock, reporter}).has_value());
  forget();
  apt::FakeVerifier none(status, "sqv");
  const auto archives =
      apt::read_archives(set, "amd64", {http, blobs, keys, none, clock, reporter});
  REQUIRE_FALSE(archives.has_value());
  CHECK(normal(render(archives.error())) ==
        std::string("error: the signature of the index of `trixie` on http://mirror/debian cannot "
                    "be verified: there is no `gpgv`\n") +
            kReading + "hint: install the package gpgv (or gpgv-sq)\n");
}

TEST_CASE_FIXTURE(Fixture, "read_archives: an index that has expired is an error, and not kept") {
  archive.valid_until = "Sat, 18 Jul 2026 10:16:37 UTC";
  publish();
  set_time("Mon, 20 Jul 2026 10:16:37 UTC");
  CHECK(failure() ==
        std::string("error: the index of `trixie` on http://mirror/debian, made Sat, 11 Jul 2026 "
                    "10:16:37 UTC, expired on Sat, 18 Jul 2026 10:16:37 UTC, 2 days ago\n") +
            kReading +
            "hint: use a mirror that is up to date, or say `Check-Valid-Until: no` for this source "
            "if an old state is meant\n");
  CHECK(is_nothing_cached());
  set.sources.front().check_valid_until = false;
  CHECK(read().has_value());
  // A snapshot is of its time on purpose.
  set.sources.front().check_valid_until.reset();
  set.sources.front().uri.path = "/archive/debian/20260711T101637Z/";
  twist = [this](const ServerRequest& request) -> std::optional<ServerResponse> {
    const std::string root = "/archive/debian/20260711T101637Z/";
    if (!request.target.starts_with(root)) return std::nullopt;
    return ServerResponse{.body = files.at(request.target.substr(root.size()))};
  };
  CHECK(read().has_value());
  // One that is unchanged expires too.
  set.sources = {source("trixie")};
  set.sources.front().check_valid_until.reset();
  CHECK(failure().find("expired on Sat, 18 Jul 2026") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "read_archives: the index of another suite is an error, and not kept") {
  files["dists/sid/InRelease"] = files.at("dists/trixie/InRelease");
  set.sources = {source("sid")};
  CHECK(failure() ==
        "error: http://mirror/debian answers with the suite `trixie` (`stable`), not `sid`\n"
        "  while reading http://mirror/debian sid main\n"
        "hint: ask for `trixie` if that is meant, or use another mirror\n");
  CHECK(is_nothing_cached());
}

TEST_CASE_FIXTURE(Fixture, "read_archives: an older index than before is an error") {
  const auto old = files;
  archive.date = "Sat, 11 Jul 2026 20:00:00 UTC";
  publish();
  REQUIRE(read().has_value());
  const auto before = cached();
  files = old;
  CHECK(
      failure() ==
      std::string("error: the index of `trixie` on http://mirror/debian is older than it was: "
                  "made Sat, 11 Jul 2026 10:16:37 UTC, but one made Sat, 11 Jul 2026 20:00:00 UTC "
                  "was seen before\n") +
          kReading +
          "hint: use a mirror that is up to date, or say `Check-Valid-Until: no` for this source "
          "if an old state is meant\n");
  CHECK(cached() == before);
  set.sources.front().check_valid_until = false;
  CHECK(read().has_value());
}

TEST_CASE_FIXTURE(Fixture, "read_archives: a mirror that cuts off, stalls or fails is an error") {
  struct Case {
    ServerResponse response{};
    std::string message{};
  };
  const std::string path = "/debian/dists/trixie/main/binary-amd64/Packages.xz";
  const std::string get = "error: GET http://mirror" + path;
  const auto content = files.at(path.substr(8));
  ServerResponse cut{.body = content, .close_after_body_bytes = 50};
  ServerResponse stalled{.hang = true};
  ServerResponse broken{.status = 503};
  ServerResponse forbidden{.status = 403};
  const Case cases[] = {
      {cut, get +
                fmt::format(" failed: transfer closed with {} bytes remaining to read\n",
                            content.size() - 50) +
                kReading},
      {stalled, get + " stalled: no byte moved for 1 s\n" + kReading},
      {broken, "error: cannot get http://mirror" + path + ": status 503\n" + kReading},
      {forbidden, "error: http://mirror" + path + " refused access (status 403)\n" + kReading +
                      "hint: put the credentials into the URI of the source\n"},
  };
  for (const auto& [response, message] : cases) {
    CAPTURE(message);
    twist = [&](const ServerRequest& request) -> std::optional<ServerResponse> {
      if (request.target != path) return std::nullopt;
      return response;
    };
    CHECK(failure() == message);
    CHECK(is_nothing_cached());
  }
  // Nothing of it stays behind to be taken for the whole later.
  twist = nullptr;
  CHECK(read().has_value());
}

TEST_CASE_FIXTURE(Fixture, "read_archives: a broken connection is tried again") {
  int breaks = 2;
  twist = [&](const ServerRequest& request) -> std::optional<ServerResponse> {
    if (!request.target.ends_with(".xz") || breaks-- <= 0) return std::nullopt;
    return ServerResponse{.body = files.at(request.target.substr(8)), .close_after_body_bytes = 50};
  };
  const auto archives = read();
  REQUIRE(archives.has_value());
  CHECK(names(archives->front().packages) == Names{"libfoo", "tool"});
  CHECK(reporter.notes().size() == 2);
}

TEST_CASE_FIXTURE(Fixture, "read_archives: says what a mirror does not have") {
  SUBCASE("a suite") {
    set.sources = {source("trixie"), source("forky"), source("trixie-updates")};
    set.dispensable_suites = {"trixie-updates"};
    CHECK(failure() ==
          "error: there is no suite `forky` on http://mirror/debian\n"
          "  while reading http://mirror/debian forky main\n"
          "hint: check its name, or whether it has moved to an archive of old releases\n");
    set.sources.erase(set.sources.begin() + 1);
    const auto archives = read();
    REQUIRE(archives.has_value());
    CHECK(archives->size() == 1);
  }
  SUBCASE("a component") {
    set.sources = {source("trixie", {"main", "extra"})};
    CHECK(failure() ==
          "error: `trixie` on http://mirror/debian has no component `extra`, only main\n"
          "  while reading http://mirror/debian trixie main extra\n");
  }
  SUBCASE("an architecture") {
    const auto archives = apt::read_archives(set, "arm64", services);
    REQUIRE_FALSE(archives.has_value());
    CHECK(normal(render(archives.error())) ==
          std::string("error: `trixie` on http://mirror/debian has no packages for `arm64`, only "
                      "for amd64\n") +
              kReading);
    set.sources.front().architectures = {"amd64"};
    const auto none = apt::read_archives(set, "arm64", services);
    REQUIRE_FALSE(none.has_value());
    CHECK(render(none.error()) == "error: no source has packages for `arm64` (the test)\n");
  }
  SUBCASE("a form that can be read") {
    archive.forms = {".bz2"};
    publish();
    CHECK(failure() ==
          std::string("error: `trixie` on http://mirror/debian has `main/binary-amd64/Packages` in "
                      "no form that can be read: zst, xz, gz or plain\n") +
              kReading);
  }
  CHECK(blobs.list()->size() <= 1);
}

TEST_CASE_FIXTURE(Fixture, "read_archives: tells of every source that fails") {
  set.sources = {source("sid"), source("trixie"), source("forky")};
  CHECK(failure() ==
        "error: there is no suite `sid` on http://mirror/debian\n"
        "  while reading http://mirror/debian sid main\n"
        "hint: check its name, or whether it has moved to an archive of old releases\n"
        "error: there is no suite `forky` on http://mirror/debian\n"
        "  while reading http://mirror/debian forky main\n"
        "hint: check its name, or whether it has moved to an archive of old releases\n");
}

TEST_CASE_FIXTURE(Fixture, "read_archives: sends credentials, and shows and keeps none") {
  set.sources.front().uri.username = "me";
  set.sources.front().uri.password = "secret";
  REQUIRE(read().has_value());
  for (const auto& request : server.requests())
    CHECK(request.header("authorization") == "Basic bWU6c2VjcmV0");
  const auto kept = cached().second;
  CHECK(kept.size() == 2);
  for (const auto& [key, value] : kept) CHECK((key + value).find("secret") == std::string::npos);
  files.clear();
  CHECK(failure().find("secret") == std::string::npos);
}
