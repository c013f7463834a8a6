#include "support/loopback_server.hpp"

#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/fetch/fetch.hpp>
#include <cogbuild/http/curl_client.hpp>
#include <cogbuild/http/scripted_client.hpp>
#include <cogbuild/io/file.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <sys/stat.h>

using namespace cogbuild;
using testing::LoopbackServer;
using testing::serve_range;
using testing::ServerRequest;
using testing::ServerResponse;

namespace {

struct Fixture {
  http::CurlClient http{};
  store::MemoryBlobStore blobs{};
  clock::ManualClock clock{};
  progress::Recording reporter{};

  Result<fetch::Fetched> fetch(const fetch::Wanted& wanted, bool offline = false) {
    return fetch::fetch(wanted, {http, blobs, clock, reporter, offline});
  }
  std::size_t blob_count() { return blobs.list()->size(); }
};

std::string content_of(std::size_t size) {
  std::string content;
  for (std::size_t i = 0; content.size() < size; ++i) content += std::to_string(i) + " ";
  content.resize(size);
  return content;
}

fetch::Wanted wanted(const std::string& location, const std::string& content) {
  return {.label = "x.whl",
          .location = location,
          .digest = digest::digest_of(content),
          .size_bytes = content.size()};
}

// Breaks the first `breaks` answers, each after `step` bytes; ranges and If-Range as in HTTP.
struct BreakingServer {
  std::string content;
  int breaks;
  std::uint64_t step;
  std::string etag = "\"v1\"";
  bool ranges = true;

  ServerResponse operator()(const ServerRequest& request) {
    const std::string condition = request.header("if-range");
    ServerResponse response = ranges && (condition.empty() || condition == etag)
                                  ? serve_range(request, content)
                                  : ServerResponse{.body = content};
    if (!etag.empty()) response.headers.emplace_back("ETag", etag);
    if (breaks-- > 0) response.close_after_body_bytes = step;
    return response;
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "fetch: puts the file into the store, once") {
  const std::string content = content_of(300'000);
  LoopbackServer server([&](const ServerRequest&) { return ServerResponse{.body = content}; });
  const auto first = fetch(wanted(server.url("/x.whl"), content));
  REQUIRE(first.has_value());
  CHECK(first->digest == digest::digest_of(content));
  CHECK(first->size_bytes == content.size());
  CHECK_FALSE(first->from_store);
  CHECK(*store::get(blobs, first->digest, content.size()) == content);
  const auto second = fetch(wanted(server.url("/x.whl"), content));
  REQUIRE(second.has_value());
  CHECK(second->from_store);
  CHECK(server.requests().size() == 1);
  CHECK(server.requests()[0].header("accept-encoding") == "identity");
  CHECK(reporter.starts() == std::vector<std::string>{"x.whl"});
}

TEST_CASE_FIXTURE(Fixture, "fetch: without a digest the content tells it") {
  LoopbackServer server([&](const ServerRequest&) { return ServerResponse{.body = "data"}; });
  const auto fetched = fetch({.label = "x", .location = server.url("/x")});
  REQUIRE(fetched.has_value());
  CHECK(fetched->digest == digest::digest_of("data"));
}

TEST_CASE_FIXTURE(Fixture, "fetch: credentials go to the origin of the location") {
  LoopbackServer server([&](const ServerRequest&) { return ServerResponse{.body = "data"}; });
  auto request = wanted(server.url("/x"), "data");
  request.username = "u";
  request.password = "p";
  CHECK(fetch(request).has_value());
  CHECK(server.requests()[0].header("authorization") == "Basic dTpw");
}

TEST_CASE_FIXTURE(Fixture, "fetch: a broken download goes on where it stopped") {
  const std::string content = content_of(1'000'000);
  LoopbackServer server(BreakingServer{.content = content, .breaks = 2, .step = 300'000});
  const auto fetched = fetch(wanted(server.url("/x.whl"), content));
  REQUIRE(fetched.has_value());
  CHECK(fetched->digest == digest::digest_of(content));
  const auto seen = server.requests();
  REQUIRE(seen.size() == 3);
  CHECK(seen[1].header("range") == "bytes=300000-");
  CHECK(seen[1].header("if-range") == "\"v1\"");
  CHECK(seen[2].header("range") == "bytes=600000-");
  CHECK(reporter.notes().size() == 2);
}

TEST_CASE_FIXTURE(Fixture, "fetch: more breaks than attempts are no matter while bytes come") {
  const std::string content = content_of(1'000'000);
  LoopbackServer server(BreakingServer{.content = content, .breaks = 19, .step = 50'000});
  CHECK(fetch(wanted(server.url("/x.whl"), content)).has_value());
  CHECK(server.requests().size() == 20);
}

TEST_CASE_FIXTURE(Fixture, "fetch: a server that answers 200 to a range starts over") {
  const std::string content = content_of(100'000);
  LoopbackServer server(
      BreakingServer{.content = content, .breaks = 1, .step = 30'000, .ranges = false});
  const auto fetched = fetch(wanted(server.url("/x.whl"), content));
  REQUIRE(fetched.has_value());
  CHECK(*store::get(blobs, fetched->digest, content.size()) == content);
}

TEST_CASE_FIXTURE(Fixture, "fetch: a server that never delivers is given up") {
  const std::string content = content_of(100'000);
  LoopbackServer server(
      BreakingServer{.content = content, .breaks = 1000, .step = 30'000, .ranges = false});
  const auto fetched = fetch(wanted(server.url("/x.whl"), content));
  REQUIRE_FALSE(fetched.has_value());
  CHECK(fetched.error().kind() == ErrorKind::network);
  CHECK(server.requests().size() == 12);
  CHECK(blob_count() == 0);
}

TEST_CASE_FIXTURE(Fixture, "fetch: a changed file is not glued to the old half") {
  const std::string old_content = content_of(100'000);
  const std::string new_content(100'000, 'n');
  int count = 0;
  LoopbackServer server([&](const ServerRequest& request) {
    return BreakingServer{.content = count == 0 ? old_content : new_content,
                          .breaks = count++ == 0 ? 1 : 0,
                          .step = 50'000,
                          .etag = count == 1 ? "\"old\"" : "\"new\""}(request);
  });
  const auto fetched = fetch({.label = "x.whl", .location = server.url("/x.whl")});
  REQUIRE(fetched.has_value());
  CHECK(fetched->digest == digest::digest_of(new_content));
}

TEST_CASE_FIXTURE(Fixture, "fetch: without validator and digest a broken download starts over") {
  const std::string content = content_of(100'000);
  LoopbackServer server(
      BreakingServer{.content = content, .breaks = 1, .step = 50'000, .etag = ""});
  CHECK(fetch({.label = "x.whl", .location = server.url("/x.whl")})->digest ==
        digest::digest_of(content));
  CHECK(server.requests()[1].header("range").empty());
}

TEST_CASE_FIXTURE(Fixture, "fetch: a wrong range is refused") {
  const std::string content = content_of(100'000);
  int count = 0;
  LoopbackServer server([&](const ServerRequest&) {
    if (count++ == 0)
      return ServerResponse{
          .headers = {{"ETag", "\"a\""}}, .body = content, .close_after_body_bytes = 10};
    return ServerResponse{.status = 206,
                          .headers = {{"Content-Range", "bytes 5-99999/100000"}},
                          .body = content.substr(5)};
  });
  const auto fetched = fetch(wanted(server.url("/x.whl"), content));
  REQUIRE_FALSE(fetched.has_value());
  CHECK(fetched.error().kind() == ErrorKind::integrity);
  CHECK(blob_count() == 0);
}

TEST_CASE_FIXTURE(Fixture,
                  "fetch: wrong bytes are an integrity error, at once, and leave nothing") {
  LoopbackServer server([&](const ServerRequest&) { return ServerResponse{.body = "evil"}; });
  const auto fetched = fetch(wanted(server.url("/x.whl"), "good"));
  REQUIRE_FALSE(fetched.has_value());
  CHECK(fetched.error().kind() == ErrorKind::integrity);
  CHECK(fetched.error().message() == "x.whl from " + server.url("/x.whl") +
                                         " is not what was pinned: content has digest " +
                                         to_string(digest::digest_of("evil")) + ", expected " +
                                         to_string(digest::digest_of("good")));
  CHECK(server.requests().size() == 1);
  CHECK(blob_count() == 0);
}

TEST_CASE_FIXTURE(Fixture, "fetch: a wrong size is noticed from the head, or while it comes") {
  LoopbackServer server([&](const ServerRequest& request) {
    return ServerResponse{.body = "too long", .chunked = request.target == "/chunked"};
  });
  CHECK(fetch(wanted(server.url("/x"), "good")).error().message() ==
        "x.whl has 8 bytes at " + server.url("/x") + ", expected 4");
  CHECK(fetch(wanted(server.url("/chunked"), "good")).error().message() ==
        "x.whl has more than the expected 4 bytes at " + server.url("/chunked"));
  CHECK(blob_count() == 0);
}

TEST_CASE_FIXTURE(Fixture, "fetch: what a refusing server means") {
  LoopbackServer server([](const ServerRequest& request) {
    return ServerResponse{.status = std::stoi(request.target.substr(1))};
  });
  const auto error = [&](const std::string& status) {
    return fetch(wanted(server.url("/" + status), "x")).error();
  };
  CHECK(error("401").kind() == ErrorKind::auth);
  CHECK(error("403").message() == server.url("/403") + " refused to give x.whl (status 403)");
  CHECK(error("403").hints().size() == 1);
  CHECK(error("404").kind() == ErrorKind::not_found);
  CHECK(error("404").message() == "x.whl is not at " + server.url("/404") + " (status 404)");
  server.forget_requests();
  CHECK(error("500").kind() == ErrorKind::network);
  CHECK(server.requests().size() == 6);
}

TEST_CASE_FIXTURE(Fixture, "fetch: Retry-After is honoured") {
  int count = 0;
  LoopbackServer server([&](const ServerRequest&) {
    if (count++ == 0) return ServerResponse{.status = 429, .headers = {{"Retry-After", "9"}}};
    return ServerResponse{.body = "data"};
  });
  CHECK(fetch(wanted(server.url("/x"), "data")).has_value());
  CHECK(clock.slept() == std::chrono::seconds(9));
}

TEST_CASE_FIXTURE(Fixture, "fetch: offline gives what the store has, and says what is missing") {
  REQUIRE(store::put(blobs, "data").has_value());
  CHECK(fetch(wanted("http://files.example/x", "data"), true)->from_store);
  const auto missing = fetch(wanted("http://files.example/y?sig=s", "other"), true);
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().message() ==
        "x.whl is not in the cache, and --offline forbids to fetch it from "
        "http://files.example/y?sig=…");
}

TEST_CASE_FIXTURE(Fixture, "fetch: paths and file URLs are copied into the store, offline too") {
  const auto dir = *io::TempDir::create();
  const auto path = dir.path() / "a b.whl";
  REQUIRE(io::write_atomically(path, "data").has_value());
  CHECK(fetch(wanted(path.string(), "data"), true)->digest == digest::digest_of("data"));
  CHECK(fetch({.label = "x", .location = "file://" + (dir.path() / "a%20b.whl").string()}, true)
            ->size_bytes == 4);
  CHECK(fetch(wanted(path.string(), "good")).error().kind() == ErrorKind::integrity);
  CHECK(fetch(wanted(path.string(), "larger")).error().message() ==
        "x.whl has 4 bytes at " + path.string() + ", expected 6");
  CHECK(fetch(wanted((dir.path() / "none").string(), "x")).error().kind() == ErrorKind::not_found);
  CHECK(fetch(wanted(dir.path().string(), "x")).error().kind() == ErrorKind::config);
  const auto pipe = dir.path() / "pipe.whl";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(fetch(wanted(pipe.string(), "x")).error().message() ==
        pipe.string() + " is no regular file");
  CHECK(blob_count() == 1);
}

TEST_CASE_FIXTURE(Fixture, "fetch: an empty file is a file") {
  LoopbackServer server([](const ServerRequest&) { return ServerResponse{}; });
  CHECK(fetch(wanted(server.url("/x"), ""))->size_bytes == 0);
}
