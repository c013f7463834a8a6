#include "support/loopback_server.hpp"
#include "support/raw_tar.hpp"
#include "support/zip_builder.hpp"

#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/http/curl_client.hpp>
#include <cogbuild/pypi/index.hpp>
#include <cogbuild/pypi/wheel_metadata.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

using namespace cogbuild;
using testing::LoopbackServer;
using testing::ServerRequest;
using testing::ServerResponse;

namespace {

using Texts = std::vector<std::string>;
using Answer = std::function<ServerResponse(const ServerRequest&)>;

// A wheel whose METADATA lies far before its end.
std::string large_wheel(const std::string& requires_dist) {
  return test::ZipBuilder()
      .add("foo/a.bin", test::noise(200'000, 1))
      .add("foo-1.dist-info/METADATA",
           "Metadata-Version: 2.1\nName: foo\nVersion: 1\nRequires-Dist: " + requires_dist + "\n")
      .add("foo/b.bin", test::noise(100'000, 2))
      .bytes();
}

// An index of one project `foo` that answers requests for its one file as told.
struct Fixture {
  explicit Fixture() = default;

  void serve(const std::string& bytes, Answer given,
             const std::string& file = "foo-1-py3-none-any.whl") {
    answer = std::move(given);
    page = "<a href=\"/files/" + file + "#sha256=" + digest::digest_of(bytes).hex() + "\">";
  }
  void serve(const std::string& bytes, const std::string& file = "foo-1-py3-none-any.whl") {
    serve(
        bytes,
        [bytes](const ServerRequest& request) { return testing::serve_range(request, bytes); },
        file);
  }
  pypi::Index index(bool offline = false) {
    pypi::IndexConfig config;
    config.indexes.push_back(*url::parse(server.url("/simple/")));
    return {std::move(config),
            {http, blobs, keys, clock, reporter, offline},
            pypi::read_wheel_metadata};
  }
  static pypi::ProjectFile file_of(pypi::Index& index) {
    const auto project = index.project(*python::PackageName::parse("foo"));
    return (*project)->files(0).at(0);
  }
  Result<std::string> metadata() {
    auto opened = index();
    return opened.metadata(file_of(opened));
  }
  Texts ranges() {
    Texts out;
    for (const auto& request : server.requests())
      if (request.path().starts_with("/files/")) out.push_back(request.header("range"));
    return out;
  }

  std::string page{};
  Answer answer{};
  LoopbackServer server{[this](const ServerRequest& request) -> ServerResponse {
    if (request.path() == "/simple/foo/")
      return {.headers = {{"Content-Type", "text/html"}}, .body = page};
    return answer(request);
  }};
  http::CurlClient http{};
  store::MemoryBlobStore blobs{};
  store::MemoryKeyIndex keys{};
  clock::ManualClock clock{};
  progress::Recording reporter{};
};

const std::string kFields = "Metadata-Version: 2.1\nName: foo\nVersion: 1\nRequires-Dist: bar\n";

}  // namespace

TEST_CASE_FIXTURE(Fixture,
                  "metadata by ranges: the end and the member, nothing else, once for good") {
  const auto wheel = large_wheel("bar");
  serve(wheel);
  const auto text = metadata();
  REQUIRE_MESSAGE(text, (text ? "" : render(text.error())));
  CHECK(*text == kFields);
  REQUIRE(ranges().size() == 2);
  CHECK(ranges()[0] == "bytes=-16384");
  CHECK(ranges()[1].starts_with("bytes=200"));
  CHECK(server.requests().back().header("accept-encoding") == "identity");
  CHECK(blobs.list()->empty());
  CHECK(*metadata() == kFields);
  CHECK(ranges().size() == 2);
}

TEST_CASE_FIXTURE(Fixture, "metadata by ranges: a small wheel is within its end") {
  serve(test::wheel("foo", "1", {}, "Requires-Dist: bar\n"));
  CHECK(metadata().value() == kFields);
  CHECK(ranges() == Texts{"bytes=-16384"});
}

TEST_CASE_FIXTURE(Fixture, "metadata by ranges: a prefetch asks for the end, and is not repeated") {
  serve(large_wheel("bar"));
  auto opened = index();
  const auto file = file_of(opened);
  opened.prefetch_metadata(file, 7);
  CHECK(opened.wait().metadata == std::vector<std::size_t>{7});
  CHECK(ranges() == Texts{"bytes=-16384"});
  CHECK(opened.metadata(file).value() == kFields);
  CHECK(ranges().size() == 2);
}

TEST_CASE_FIXTURE(Fixture, "metadata by ranges: a host that sends files whole is not asked again") {
  const auto wheel = large_wheel("bar");
  serve(wheel, [&](const ServerRequest&) -> ServerResponse { return {.body = wheel}; });
  auto opened = index();
  const auto file = file_of(opened);
  CHECK(opened.metadata(file).value() == kFields);
  CHECK(ranges() == Texts{"bytes=-16384", ""});
  CHECK(opened.fetch(file)->from_store);
  // Another file of that host.
  auto other = file;
  other.file.url.path = "/files/foo-1-1-py3-none-any.whl";
  other.file.hashes.clear();
  CHECK(opened.metadata(other).value() == kFields);
  CHECK(ranges() == Texts{"bytes=-16384", "", ""});
  other.file.url.path = "/files/foo-1-2-py3-none-any.whl";
  opened.prefetch_metadata(other, 9);
  CHECK(ranges().size() == 3);
}

TEST_CASE_FIXTURE(Fixture,
                  "metadata by ranges: lying servers are seen through, the wheel decides") {
  const auto wheel = large_wheel("bar");
  const auto lie = [&](Answer given) {
    serve(wheel,
          [&wheel, given = std::move(given)](const ServerRequest& request) -> ServerResponse {
            return request.header("range").empty() ? ServerResponse{.body = wheel} : given(request);
          });
    const auto entries = keys.list(store::Table::response).value();
    for (const auto& [key, value] : entries)
      if (key.starts_with("metadata ")) CHECK(keys.erase(store::Table::response, key));
    const auto kept = blobs.list().value();
    for (const auto& [blob, size] : kept) CHECK(blobs.remove(blob));
    const auto text = metadata();
    REQUIRE_MESSAGE(text, (text ? "" : render(text.error())));
    CHECK(*text == kFields);
    CHECK(blobs.contains(digest::digest_of(wheel)).value());
  };
  const auto evil = large_wheel("evil");
  // 416, 501 and 206 with a false, a missing or an unbounded Content-Range.
  lie([](const ServerRequest&) -> ServerResponse { return {.status = 416}; });
  lie([](const ServerRequest&) -> ServerResponse { return {.status = 501}; });
  for (const char* range : {"bytes 0-9/100", "bytes 90-99/*", "nonsense", "bytes 9-0/100", ""}) {
    CAPTURE(range);
    lie([range](const ServerRequest&) -> ServerResponse {
      return {.status = 206, .headers = {{"Content-Range", range}}, .body = "0123456789"};
    });
  }
  // Another file from the second range on: by ETag, by size, by its bytes.
  const auto second = [&](const std::string& other, bool same_tag) {
    return [&wheel, other, same_tag](const ServerRequest& request) {
      const bool first = request.header("range") == "bytes=-16384";
      auto response = testing::serve_range(request, first ? wheel : other);
      response.headers.emplace_back("ETag", first || same_tag ? "\"a\"" : "\"b\"");
      return response;
    };
  };
  lie(second(wheel, false));
  lie(second(evil, true));
  auto flipped = wheel;
  for (std::size_t i = 200'000; i < flipped.size() - 16'384; ++i)
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
  lie(second(flipped, true));
}

TEST_CASE_FIXTURE(Fixture, "metadata by ranges: what is in the store needs no network") {
  const auto wheel = large_wheel("bar");
  serve(wheel);
  CHECK(store::put(blobs, wheel).has_value());
  CHECK(metadata().value() == kFields);
  CHECK(ranges().empty());
}

TEST_CASE_FIXTURE(Fixture, "metadata of a source archive: static, fetched once, kept") {
  const auto archive = test::stored_gzip(test::raw_tar(
      {{.name = "foo-1/PKG-INFO",
        .content = "Metadata-Version: 2.2\nName: foo\nVersion: 1\nRequires-Dist: bar\n\ntext"}}));
  serve(archive, "foo-1.tar.gz");
  CHECK(metadata().value() == "Metadata-Version: 2.2\nName: foo\nVersion: 1\nRequires-Dist: bar\n");
  CHECK(ranges() == Texts{""});
  CHECK(metadata().has_value());
  CHECK(ranges().size() == 1);
  auto offline = index(true);
  CHECK(offline.metadata(file_of(offline)).has_value());
}

TEST_CASE_FIXTURE(Fixture,
                  "metadata of a source archive: what cannot be used is one version less") {
  struct Case {
    std::string bytes{};
    std::string message{};
  };
  for (const Case& given : std::vector<Case>{
           {test::stored_gzip(test::raw_tar({{.name = "foo-1/setup.py", .content = "x"}})),
            "must be built to know what it requires: it has no pyproject.toml"},
           {test::stored_gzip(test::raw_tar({{.name = "foo-1/../../x", .content = "x"}})),
            "cannot be used: the entry name `foo-1/../../x` climbs out with `..`"},
           {test::stored_gzip(test::raw_tar({{.name = "foo-1/PKG-INFO",
           .content = "Metadata-Version: 2.2\nName: foo\nVersion: 2\n"}})),
            "cannot be used: says that it is version 2, not 1"}}) {
    serve(given.bytes, "foo-1.tar.gz");
    const auto text = metadata();
    REQUIRE(!text);
    CHECK(text.error().kind() == ErrorKind::unsupported);
    CHECK(text.error().message() == given.message);
    CHECK(keys.list(store::Table::response)->empty() == false);
  }
}
