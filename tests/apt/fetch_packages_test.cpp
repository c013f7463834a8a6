#include "fixture.hpp"

#include <cogbuild/apt/fetch_packages.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

using namespace cogbuild;
using testing::ServerRequest;
using testing::ServerResponse;

namespace {

using Lines = std::vector<std::string>;

// A lock of the archive's packages.
struct Locked : apt::Fixture {
  std::vector<lock::LockedArchive> archives = {{.codename = "trixie",
                                                .origin = "Debian",
                                                .label = "Debian",
                                                .uri = server.url("/debian"),
                                                .date = "2026-07-11T10:16:37Z"}};
  std::vector<lock::LockedDeb> packages{};
  apt::Mirrors mirrors{};

  Locked() {
    for (const auto& package : archive.packages) packages.push_back(locked(package));
  }

  static lock::LockedDeb locked(const testing::DebianPackage& package) {
    return {.name = package.name,
            .version = package.version,
            .architecture = package.architecture,
            .source = package.name,
            .archive = "trixie",
            .path = package.path(),
            .size_bytes = package.content.size(),
            .digest = digest::digest_of(package.content)};
  }

  std::string fetch() {
    const auto fetched = apt::fetch_packages(packages, archives, mirrors, services);
    return fetched ? "fetched" : normal(render(fetched.error()));
  }
  bool is_there(const lock::LockedDeb& package) { return *blobs.contains(package.digest); }
};

}  // namespace

TEST_CASE_FIXTURE(Locked, "fetch_packages: puts every package into the store, once") {
  archive.packages[1].content = "another package";
  archive.packages.push_back({.name = "c++", .version = "1:2~rc1+b%3", .content = "odd"});
  publish();
  packages = {locked(archive.packages[0]), locked(archive.packages[1]), locked(archive.packages[2]),
              locked(archive.packages[0])};
  CHECK(fetch() == "fetched");
  for (const auto& package : packages) CHECK(is_there(package));
  auto lines = server.request_lines();
  std::ranges::sort(lines);
  CHECK(lines == Lines{"GET /debian/pool/main/c%2B%2B_1%3A2~rc1%2Bb%253_amd64.deb",
                       "GET /debian/pool/main/libfoo_1.0_amd64.deb",
                       "GET /debian/pool/main/tool_1.0_amd64.deb"});
  server.forget_requests();
  services.offline = true;
  CHECK(fetch() == "fetched");
  CHECK(server.request_lines().empty());
}

TEST_CASE_FIXTURE(Locked, "fetch_packages: several at a time") {
  archive.packages.clear();
  for (int i = 0; i < 30; ++i)
    archive.packages.push_back(
        {.name = fmt::format("p{}", i), .content = fmt::format("content {}", i)});
  publish();
  packages.clear();
  for (const auto& package : archive.packages) packages.push_back(locked(package));
  twist = [](const ServerRequest&) -> std::optional<ServerResponse> { return std::nullopt; };
  CHECK(fetch() == "fetched");
  std::set<std::uint64_t> connections;
  for (const auto& request : server.requests()) connections.insert(request.connection);
  CHECK(server.requests().size() == 30);
  CHECK(connections.size() > 1);
  CHECK(connections.size() <= 8);
}

TEST_CASE_FIXTURE(Locked, "fetch_packages: asks configured mirrors, the locked one, a snapshot") {
  packages.pop_back();
  const auto content = archive.packages[0].content;
  mirrors.sources.sources = {source("trixie"), source("trixie"), source("sid")};
  mirrors.sources.sources[0].uri = *url::parse(server.url("/first/"));
  mirrors.sources.sources[1].uri = *url::parse(server.url("/debian/"));
  mirrors.sources.sources[2].uri = *url::parse(server.url("/of-sid"));
  mirrors.snapshot = server.url("/archive/");
  archives[0].uri = server.url("/locked");
  const std::string path = "/pool/main/libfoo_1.0_amd64.deb";
  const Lines all = {"GET /first" + path, "GET /debian" + path, "GET /locked" + path,
                     "GET /archive/debian/20260711T101637Z" + path};
  const auto serve_at = [&](const std::string& line) {
    twist = [&, line](const ServerRequest& request) -> std::optional<ServerResponse> {
      if ("GET " + request.target == line) return ServerResponse{.body = content};
      return ServerResponse{.status = 404};
    };
  };
  for (std::size_t i = 0; i < all.size(); ++i) {
    server.forget_requests();
    blobs = store::MemoryBlobStore();
    serve_at(all[i]);
    CHECK(fetch() == "fetched");
    CHECK(server.request_lines() == Lines(all.begin(), all.begin() + static_cast<long>(i) + 1));
  }
  SUBCASE("of security updates its own") {
    archives[0].label = "Debian-Security";
    blobs = store::MemoryBlobStore();
    server.forget_requests();
    serve_at("GET /archive/debian-security/20260711T101637Z" + path);
    CHECK(fetch() == "fetched");
  }
  SUBCASE("of others none") {
    archives[0].origin = "Vendor";
    archives[0].label = "Vendor";
    blobs = store::MemoryBlobStore();
    server.forget_requests();
    serve_at("");
    CHECK(fetch() ==
          "error: 1 package of the lock is gone from every mirror:\n"
          "  `libfoo` 1.0 (amd64)\n"
          "hint: or choose packages anew: run cogbuild lock\n");
    CHECK(server.request_lines().size() == 3);
  }
}

TEST_CASE_FIXTURE(Locked, "fetch_packages: names every package that is gone") {
  archive.packages.push_back({.name = "there", .content = "still there"});
  publish();
  packages[1].digest = digest::digest_of("another content");  // not the one of libfoo
  packages.push_back(locked(archive.packages[2]));
  files.erase(packages[0].path);
  files.erase(packages[1].path);
  CHECK(fetch() ==
        "error: 2 packages of the lock are gone from every mirror:\n"
        "  `libfoo` 1.0 (amd64)\n"
        "  `tool` 1.0 (amd64)\n"
        "hint: a snapshot of the archive keeps what was replaced: name one with `debian.snapshot` "
        "in cogbuild.yaml\n"
        "hint: or choose packages anew: run cogbuild lock\n");
  CHECK(is_there(packages[2]));
  CHECK(blobs.list()->size() == 1);
}

TEST_CASE_FIXTURE(Locked, "fetch_packages: another content or size is an error, and not kept") {
  packages.pop_back();
  auto& content = files.at(packages[0].path);
  SUBCASE("of the same size") {
    content = "A package";
    CHECK(fetch() ==
          fmt::format("error: libfoo_1.0_amd64.deb from http://mirror/debian/{} is not what was "
                      "pinned: content has digest {}, expected {}\n"
                      "hint: if the new content is right, run cogbuild lock\n",
                      packages[0].path, to_string(digest::digest_of(content)),
                      to_string(packages[0].digest)));
  }
  SUBCASE("shorter") {
    content.pop_back();
    CHECK(
        fetch() ==
        fmt::format("error: libfoo_1.0_amd64.deb has 8 bytes at http://mirror/debian/{}, expected "
                    "9\n",
                    packages[0].path));
  }
  SUBCASE("longer, without saying so") {
    twist = [&](const ServerRequest&) -> std::optional<ServerResponse> {
      return ServerResponse{.body = content + "x", .chunked = true};
    };
    CHECK(fetch() ==
          fmt::format("error: libfoo_1.0_amd64.deb has more than the expected 9 bytes at "
                      "http://mirror/debian/{}\n",
                      packages[0].path));
  }
  CHECK(is_nothing_cached());
}

TEST_CASE_FIXTURE(Locked, "fetch_packages: a mirror that cuts off or stalls gives way to others") {
  packages.pop_back();
  const auto content = archive.packages[0].content;
  ServerResponse bad;
  std::string message;
  const std::string place = "http://mirror/debian/" + packages[0].path;
  SUBCASE("") {
    bad = {.body = content, .close_after_body_bytes = 0};
    message = "error: GET " + place + " failed: transfer closed with 9 bytes remaining to read\n";
  }
  SUBCASE("") {
    bad = {.hang = true};
    message = "error: GET " + place + " stalled: no byte moved for 1 s\n";
  }
  SUBCASE("") {
    bad = {.status = 403};
    message = "error: " + place + " refused to give libfoo_1.0_amd64.deb (status 403)\n" +
              "hint: put the credentials into the index URL or into ~/.netrc\n";
  }
  twist = [&](const ServerRequest& request) -> std::optional<ServerResponse> {
    if (request.target.starts_with("/debian/")) return bad;
    if (request.target.starts_with("/gone/")) return ServerResponse{.status = 404};
    return ServerResponse{.body = content};
  };
  // That it is gone elsewhere does not mean that it is gone.
  mirrors.sources.sources = {source("trixie")};
  archives[0].uri = server.url("/gone");
  CHECK(fetch() == message);
  CHECK(is_nothing_cached());
  if (bad.hang) return;  // stalling all the attempts through takes its time
  archives[0].uri = server.url("/good");
  CHECK(fetch() == "fetched");
}

TEST_CASE_FIXTURE(Locked, "fetch_packages: a mirror that is down is asked last from then on") {
  archive.packages.clear();
  for (int i = 0; i < 40; ++i)
    archive.packages.push_back(
        {.name = fmt::format("p{}", i), .content = fmt::format("content {}", i)});
  publish();
  packages.clear();
  for (const auto& package : archive.packages) packages.push_back(locked(package));
  mirrors.sources.sources = {source("trixie")};
  mirrors.sources.sources[0].uri = *url::parse(server.url("/down"));
  twist = [](const ServerRequest& request) -> std::optional<ServerResponse> {
    if (request.target.starts_with("/down/")) return ServerResponse{.status = 401};
    return std::nullopt;
  };
  CHECK(fetch() == "fetched");
  const auto lines = server.request_lines();
  CHECK(std::ranges::count_if(
            lines, [](const auto& line) { return line.starts_with("GET /down/"); }) <= 16);
}

TEST_CASE_FIXTURE(Locked, "fetch_packages: a source's credentials go to its host, and no other") {
  packages.pop_back();
  testing::LoopbackServer other([](const ServerRequest&) { return ServerResponse{.status = 404}; });
  mirrors.sources.sources = {source("sid")};
  mirrors.sources.sources[0].uri.username = "me";
  mirrors.sources.sources[0].uri.password = "secret";
  mirrors.snapshot = other.url("/archive");
  files.clear();
  CHECK(fetch().find("secret") == std::string::npos);
  REQUIRE(server.requests().size() == 1);
  CHECK(server.requests()[0].header("authorization") == "Basic bWU6c2VjcmV0");
  REQUIRE(other.requests().size() == 1);
  CHECK(other.requests()[0].header("authorization").empty());
}

TEST_CASE_FIXTURE(Locked, "fetch_packages: --offline names what is missing, and reads disks") {
  services.offline = true;
  packages[1].digest = digest::digest_of("another content");
  CHECK(fetch() ==
        "error: 2 packages are not in the cache, and --offline forbids to fetch them:\n"
        "  `libfoo` 1.0 (amd64)\n"
        "  `tool` 1.0 (amd64)\n"
        "hint: run it once without --offline\n");
  CHECK(server.request_lines().empty());

  packages.pop_back();
  const auto folder = *io::TempDir::create();
  std::filesystem::create_directories(folder.path() / "pool/main");
  REQUIRE(io::write_atomically(folder.path() / packages[0].path, archive.packages[0].content)
              .has_value());
  archives[0].uri = "file://" + folder.path().string();
  CHECK(fetch() == "fetched");
}

TEST_CASE_FIXTURE(Locked, "fetch_packages: a lock that does not hold together is an error") {
  packages.pop_back();
  SUBCASE("an archive that it does not describe") {
    packages[0].archive = "sid";
    CHECK(fetch() ==
          "error: the lock takes `libfoo` 1.0 (amd64) from the archive `sid`, which it does not "
          "describe\n");
  }
  SUBCASE("a path outside of the archive") {
    packages[0].path = "pool/../../x";
    CHECK(fetch() ==
          "error: the lock has `libfoo` 1.0 (amd64) outside of its archive: `pool/../../x`\n");
  }
  SUBCASE("a root that is none") {
    archives[0].uri = "mirror";
    CHECK(fetch() ==
          "error: the lock has no usable root of the archive `trixie`: `mirror` is not a usable "
          "URL: it has no scheme\n");
  }
  CHECK(server.request_lines().empty());
}
