#include "support/loopback_server.hpp"

#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/http/curl_client.hpp>
#include <cogbuild/http/scripted_client.hpp>
#include <cogbuild/io/file.hpp>
#include <cogbuild/pypi/index.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

using namespace cogbuild;
using namespace cogbuild::pypi;
using testing::LoopbackServer;
using testing::ServerRequest;
using testing::ServerResponse;

namespace {

using Texts = std::vector<std::string>;

python::PackageName name(const std::string& text) { return *python::PackageName::parse(text); }

// An index whose answers are a table: path -> response.
struct Answers {
  std::map<std::string, ServerResponse> table{};
  ServerResponse operator()(const ServerRequest& request) const {
    const auto found = table.find(request.target);
    if (found == table.end()) return {.status = 404};
    if (!found->second.headers.empty() && !request.header("if-none-match").empty() &&
        std::ranges::find(
            found->second.headers,
            std::pair<std::string, std::string>{"ETag", request.header("if-none-match")}) !=
            found->second.headers.end())
      return {.status = 304, .headers = {{"Cache-Control", "max-age=600"}}};
    return found->second;
  }
};

ServerResponse html(const std::string& body) {
  return {.headers = {{"Content-Type", "text/html"}}, .body = body};
}

struct Fixture {
  http::CurlClient http{};
  store::MemoryBlobStore blobs{};
  store::MemoryKeyIndex keys{};
  clock::ManualClock clock{};
  progress::Recording reporter{};
  int wheels_read = 0;

  IndexServices services(bool offline = false, bool refresh = false) {
    return {http, blobs, keys, clock, reporter, offline, refresh};
  }
  // A "wheel" of these tests is the text of its METADATA.
  ReadWheelMetadata reader() {
    return [this](const std::filesystem::path& wheel) {
      ++wheels_read;
      return io::read_file(wheel);
    };
  }
  Index index(IndexConfig config, bool offline = false, bool refresh = false) {
    return Index(std::move(config), services(offline, refresh), reader());
  }
};

IndexConfig indexes(const Texts& urls) {
  IndexConfig config;
  for (const auto& text : urls) config.indexes.push_back(*url::parse(text));
  return config;
}

// Of all versions, oldest first.
std::vector<ProjectFile> files_of(const Project& project) {
  std::vector<ProjectFile> out;
  for (std::size_t i = 0; i < project.versions().size(); ++i)
    for (auto& file : project.files(i)) out.push_back(std::move(file));
  return out;
}

Texts file_names(const Project& project) {
  Texts out;
  for (const auto& file : files_of(project))
    out.push_back(std::to_string(file.source) + " " + file.file.file_name);
  return out;
}

const std::string kMetadata = "Metadata-Version: 2.1\nName: foo\nVersion: 1\n";

}  // namespace

TEST_CASE_FIXTURE(Fixture, "Index: asks by normalized name with a slash, accepting JSON first") {
  LoopbackServer server(
      Answers{{{"/simple/foo-bar/", html("<a href=\"foo_bar-1-py3-none-any.whl\">")}}});
  Index index(indexes({server.url("/simple/")}), services(), reader());
  const auto project = index.project(name("Foo_Bar"));
  REQUIRE(project.has_value());
  CHECK((*project)->known());
  CHECK(file_names(**project) == Texts{"0 foo_bar-1-py3-none-any.whl"});
  CHECK(server.request_lines() == Texts{"GET /simple/foo-bar/"});
  CHECK(server.requests()[0].header("accept") == kAcceptedPages);
  CHECK(index.project(name("foo-bar"))->get() == project->get());
  CHECK(server.requests().size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "Index: links resolve against the page after redirects") {
  LoopbackServer server(
      Answers{{{"/simple/foo/", {.status = 301, .headers = {{"Location", "/moved/foo/"}}}},
               {"/moved/foo/", html("<a href=\"foo-1.tar.gz\">")}}});
  Index index(indexes({server.url("/simple/")}), services(), reader());
  CHECK(url::to_string(files_of(**index.project(name("foo"))).at(0).file.url) ==
        server.url("/moved/foo/foo-1.tar.gz"));
}

TEST_CASE_FIXTURE(Fixture, "Index: all files of all sources, a name from the first that has it") {
  const auto dir = *io::TempDir::create();
  REQUIRE(io::write_atomically(dir.path() / "foo-3-py3-none-any.whl", "x").has_value());
  REQUIRE(io::write_atomically(dir.path() / "bar-1-py3-none-any.whl", "x").has_value());
  REQUIRE(io::write_atomically(dir.path() / "notes.txt", "x").has_value());
  LoopbackServer one(Answers{
      {{"/foo/", html("<a href=\"foo-1-py3-none-any.whl\"><a href=\"foo-2-py3-none-any.whl\">")}}});
  LoopbackServer two(Answers{
      {{"/foo/", html("<a href=\"foo-2-py3-none-any.whl\"><a href=\"foo-3-py3-none-any.whl\">")}}});
  auto config = indexes({one.url("/"), two.url("/")});
  config.find_links = {dir.path().string()};
  Index index(config, services(), reader());
  CHECK(index.sources() == Texts{dir.path().string(), one.url("/"), two.url("/")});
  const auto project = index.project(name("foo"));
  REQUIRE(project.has_value());
  CHECK(file_names(**project) ==
        Texts{"1 foo-1-py3-none-any.whl", "1 foo-2-py3-none-any.whl", "0 foo-3-py3-none-any.whl"});
  const auto local = index.project(name("bar"));
  CHECK((*local)->known());
  CHECK(index.fetch(files_of(**local).at(0))->digest == digest::digest_of("x"));
  CHECK_FALSE((*index.project(name("none")))->known());
}

TEST_CASE_FIXTURE(Fixture, "Index: find-links may be a page, on disk or on a server") {
  const auto dir = *io::TempDir::create();
  const auto page = dir.path() / "links.html";
  REQUIRE(
      io::write_atomically(page, "<a href=\"foo-1-py3-none-any.whl\"><a href=\"sub/bar-2.zip\">")
          .has_value());
  LoopbackServer server(Answers{{{"/list.html", html("<a href=\"foo-9-py3-none-any.whl\">")}}});
  IndexConfig config;
  config.find_links = {page.string(), server.url("/list.html")};
  Index index(config, services(), reader());
  CHECK(file_names(**index.project(name("foo"))) ==
        Texts{"0 foo-1-py3-none-any.whl", "1 foo-9-py3-none-any.whl"});
  CHECK(files_of(**index.project(name("bar"))).at(0).file.url.path ==
        (dir.path() / "sub/bar-2.zip").string());

  config.find_links = {(dir.path() / "none").string()};
  Index missing(config, services(), reader());
  const auto error = missing.project(name("foo")).error();
  CHECK(error.kind() == ErrorKind::not_found);
  CHECK(error.hints() == Texts{"--find-links takes a directory, an HTML file or a URL"});
}

TEST_CASE_FIXTURE(Fixture, "Index: what a refusing index means") {
  std::map<std::string, ServerResponse> table;
  for (const int status : {401, 403, 404, 410, 500})
    table["/p" + std::to_string(status) + "/"] = {.status = status};
  table["/type/"] = {.headers = {{"Content-Type", "application/octet-stream"}}, .body = "x"};
  table["/cut/"] = {.headers = {{"Content-Type", "text/html"}},
                    .body = "<a href=x>",
                    .close_after_body_bytes = 3};
  table["/loop/"] = {.status = 302, .headers = {{"Location", "/loop/"}}};
  LoopbackServer server{Answers{table}};
  Index index(indexes({server.url("/")}), services(), reader());
  for (const char* absent : {"p404", "p410"}) CHECK_FALSE((*index.project(name(absent)))->known());
  const auto error = [&](const std::string& project) {
    return index.project(name(project)).error();
  };
  CHECK(error("p401").kind() == ErrorKind::auth);
  CHECK(error("p403").message() == server.url("/p403/") + " refused access to `p403` (status 403)");
  CHECK(error("p403").hints() == Texts{"put the credentials into the index URL or into ~/.netrc"});
  server.forget_requests();
  CHECK(error("p500").message() ==
        "cannot get `p500` from " + server.url("/p500/") + ": status 500");
  CHECK(server.requests().size() == 6);
  CHECK(error("type").kind() == ErrorKind::unsupported);
  CHECK(error("cut").kind() == ErrorKind::network);
  CHECK(error("loop").kind() == ErrorKind::integrity);
}

TEST_CASE_FIXTURE(Fixture,
                  "Index: a private index that refuses is never skipped for a public one") {
  LoopbackServer closed([](const ServerRequest&) { return ServerResponse{.status = 403}; });
  LoopbackServer open(Answers{{{"/foo/", html("<a href=\"foo-9-py3-none-any.whl\">")}}});
  Index index(indexes({open.url("/"), closed.url("/")}), services(), reader());
  CHECK(index.project(name("foo")).error().kind() == ErrorKind::auth);
}

TEST_CASE_FIXTURE(Fixture, "Index: a busy index is asked again after Retry-After") {
  int count = 0;
  LoopbackServer server([&](const ServerRequest&) {
    return count++ == 0 ? ServerResponse{.status = 503, .headers = {{"Retry-After", "5"}}}
                        : html("");
  });
  Index index(indexes({server.url("/")}), services(), reader());
  CHECK((*index.project(name("foo")))->known());
  CHECK(clock.slept() == std::chrono::seconds(5));
}

TEST_CASE_FIXTURE(Fixture, "Index: credentials go to the index and to files of its origin") {
  LoopbackServer files([](const ServerRequest&) { return ServerResponse{.body = "x"}; });
  LoopbackServer server(Answers{
      {{"/foo/", html("<a href=\"/foo-1.zip\"><a href=\"" + files.url("/foo-2.zip") + "\">")},
       {"/foo-1.zip", {.body = "x"}}}});
  auto config = indexes({server.url("/")});
  config.indexes[0].username = "u";
  config.indexes[0].password = "p";
  Index index(config, services(), reader());
  const auto project = *index.project(name("foo"));
  for (const auto& file : files_of(*project)) CHECK(index.fetch(file).has_value());
  for (const auto& request : server.requests())
    CHECK(request.header("authorization") == "Basic dTpw");
  REQUIRE(files.requests().size() == 1);
  CHECK(files.requests()[0].header("authorization").empty());
}

TEST_CASE_FIXTURE(Fixture, "Index: pages are cached, fresh ones without a request") {
  const std::string reason = "tab\tline\nslash\\";
  const std::string hex(64, 'b');
  LoopbackServer server(Answers{
      {{"/foo/",
        {.headers = {{"Content-Type", "application/vnd.pypi.simple.v1+json"},
                     {"ETag", "\"e1\""},
                     {"Cache-Control", "public, max-age=600"}},
         .body =
             R"({"meta":{"api-version":"1.1"},"files":[{"filename":"foo-1-py3-none-any.whl","url":"a%20b.whl",)"
             R"("hashes":{"sha256":")" +
             hex + R"(","sha512":")" + hex + hex +
             R"("},"size":5,"requires-python":">=3",)"
             R"("yanked":"tab\tline\nslash\\","upload-time":"2020-01-01T00:00:00Z","core-metadata":{"sha256":")" +
             hex + R"("}},{"filename":"foo-2.zip","url":"foo-2.zip","hashes":{}}]})"}}}});
  const auto config = indexes({server.url("/")});
  clock.set(clock::Time(std::chrono::hours(1000)));
  const auto read = [&](bool offline, bool refresh) {
    Index index(config, services(offline, refresh), reader());
    auto project = index.project(name("foo"));
    REQUIRE(project.has_value());
    std::vector<File> files;
    for (const auto& file : files_of(**project)) files.push_back(file.file);
    return files;
  };
  const auto first = read(false, false);
  CHECK(first.at(0).yanked_reason == reason);
  CHECK(read(false, false) == first);
  CHECK(server.requests().size() == 1);

  SUBCASE("an old page is revalidated and kept") {
    clock.sleep(std::chrono::minutes(11));
    CHECK(read(false, false) == first);
    CHECK(server.requests().size() == 2);
    CHECK(server.requests()[1].header("if-none-match") == "\"e1\"");
    CHECK(read(false, false) == first);
    CHECK(server.requests().size() == 2);
  }
  SUBCASE("refresh asks at once") {
    CHECK(read(false, true) == first);
    CHECK(server.requests().size() == 2);
  }
  SUBCASE("offline takes an old page") {
    clock.sleep(std::chrono::hours(1000));
    CHECK(read(true, false) == first);
    CHECK(server.requests().size() == 1);
  }
  SUBCASE("a damaged cache costs a request") {
    const std::string key = "index page " + server.url("/foo/");
    const std::string kept = **keys.get(store::Table::response, key);
    for (const std::string& damaged :
         {std::string(), std::string("index page 1\n"), std::string("index page 2\n"),
          kept.substr(0, kept.size() - 3), kept + "x", kept.substr(0, 40)}) {
      REQUIRE(keys.put(store::Table::response, key, damaged).has_value());
      server.forget_requests();
      CHECK(read(false, false) == first);
      CHECK(server.requests().size() == 1);
    }
    REQUIRE(keys.put(store::Table::response, "index freshness " + server.url("/foo/"), "9 9")
                .has_value());
    server.forget_requests();
    CHECK(read(false, false) == first);
    CHECK(server.requests().size() == 1);
  }
  SUBCASE("freshness of another page does not count") {
    REQUIRE(keys.put(store::Table::response, "index freshness " + server.url("/foo/"),
                     "3600000 600 \"e0\"")
                .has_value());
    CHECK(read(false, false) == first);
    CHECK(server.requests().size() == 2);
  }
}

TEST_CASE_FIXTURE(Fixture, "Index: no-cache pages keep their ETag") {
  LoopbackServer server(Answers{{{"/foo/",
                                  {.headers = {{"Content-Type", "text/html"},
                                               {"ETag", "\"e\""},
                                               {"Cache-Control", "no-cache,no-store,max-age=9"}},
                                   .body = "<a href=\"foo-1.zip\">"}}}});
  for (int i = 0; i < 2; ++i) {
    Index index(indexes({server.url("/")}), services(), reader());
    CHECK(files_of(**index.project(name("foo"))).size() == 1);
  }
  REQUIRE(server.requests().size() == 2);
  CHECK(server.requests()[1].header("if-none-match") == "\"e\"");
}

TEST_CASE_FIXTURE(Fixture, "Index: offline knows what is absent, and names what was never asked") {
  LoopbackServer server{Answers{}};
  {
    Index index(indexes({server.url("/")}), services(), reader());
    CHECK_FALSE((*index.project(name("foo")))->known());
  }
  Index index(indexes({server.url("/")}), services(true), reader());
  CHECK_FALSE((*index.project(name("foo")))->known());
  const auto error = index.project(name("bar")).error();
  CHECK(error.message() ==
        "`bar` is not in the cache, and --offline forbids to ask " + server.url("/bar/"));
  CHECK(server.requests().size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "Index: prefetched pages are not asked for twice") {
  LoopbackServer server([](const ServerRequest&) { return html("<a href=\"foo-1.zip\">"); });
  Index index(indexes({server.url("/")}), services(), reader());
  index.prefetch({name("a"), name("b"), name("a")});
  index.prefetch({name("b")});
  for (const char* project : {"a", "b"}) CHECK(index.project(name(project)).has_value());
  index.prefetch({name("a")});
  CHECK(server.requests().size() == 2);
}

TEST_CASE_FIXTURE(Fixture,
                  "Index: a project's status is a warning, a quarantined one has no files") {
  const auto page = [](const std::string& status) {
    return ServerResponse{
        .headers = {{"Content-Type", "application/vnd.pypi.simple.v1+json"}},
        .body = R"({"project-status":{"status":")" + status +
                R"(","reason":"why"},"files":[{"filename":"foo-1.zip","url":"x"}]})"};
  };
  LoopbackServer server(Answers{{{"/foo/", page("archived")}, {"/bar/", page("quarantined")}}});
  Index index(indexes({server.url("/")}), services(), reader());
  CHECK(files_of(**index.project(name("foo"))).size() == 1);
  CHECK(files_of(**index.project(name("bar"))).empty());
  CHECK(reporter.warnings() ==
        Texts{"`foo` is archived on its index: why", "`bar` is quarantined on its index: why"});
}

TEST_CASE(
    "Index: a further framework index is asked for frameworks alone, and its 403 means absent") {
  http::ScriptedClient http;
  store::MemoryBlobStore blobs;
  store::MemoryKeyIndex keys;
  clock::ManualClock clock;
  progress::Silent reporter;
  const auto page = [](const std::string& file) {
    return http::ScriptedAnswer{.headers = {{"Content-Type", "text/html"}},
                                .body = "<a href=\"" + file + "\">"};
  };
  http.answer(http::Method::get, "https://main.example/numpy/", page("numpy-1.zip"));
  http.answer(http::Method::get, "https://main.example/torch/", page("torch-1.zip"));
  http.answer(http::Method::get, "https://main.example/torchtune/", {.status = 404});
  http.answer(http::Method::get, "https://download.pytorch.org/whl/cu121/torch/",
              page("torch-2.zip"));
  http.answer(http::Method::get, "https://download.pytorch.org/whl/cu121/torchtune/",
              {.status = 403});
  Index index(indexes({"https://main.example/", "https://download.pytorch.org/whl/cu121/"}),
              {http, blobs, keys, clock, reporter}, {});
  CHECK(file_names(**index.project(name("numpy"))) == Texts{"0 numpy-1.zip"});
  CHECK(file_names(**index.project(name("torch"))) == Texts{"0 torch-1.zip", "1 torch-2.zip"});
  CHECK_FALSE((*index.project(name("torchtune")))->known());
}

TEST_CASE_FIXTURE(Fixture, "Index: a file over plain http without a digest is ignored") {
  LoopbackServer server(Answers{
      {{"/foo/", html("<a href=\"http://files.example/foo-1.zip\"><a href=\"foo-2.zip\">")}}});
  Index index(indexes({server.url("/")}), services(), reader());
  CHECK(file_names(**index.project(name("foo"))) == Texts{"0 foo-2.zip"});
  CHECK(reporter.warnings() ==
        Texts{"foo-1.zip is ignored: it is offered over plain http without a digest"});
}

TEST_CASE_FIXTURE(Fixture, "metadata: from its own file, checked, once for good") {
  const std::string digest = digest::digest_of(kMetadata + "\nlong text").hex();
  LoopbackServer server(Answers{
      {{"/foo/",
        html("<a href=\"foo-1-py3-none-any.whl\" data-core-metadata=\"sha256=" + digest + "\">")},
       {"/foo/foo-1-py3-none-any.whl.metadata", {.body = kMetadata + "\nlong text"}}}});
  const auto config = indexes({server.url("/")});
  for (int i = 0; i < 2; ++i) {
    Index index(config, services(), reader());
    const auto file = files_of(**index.project(name("foo"))).at(0);
    index.prefetch_metadata(file, 7);
    index.prefetch_metadata(file, 7);
    CHECK(index.wait().metadata == std::vector<std::size_t>{7});
    CHECK(index.wait().empty());
    const auto metadata = index.metadata(file);
    REQUIRE(metadata.has_value());
    CHECK(*metadata == kMetadata);
  }
  const auto lines = server.request_lines();
  CHECK(std::ranges::count(lines, "GET /foo/foo-1-py3-none-any.whl.metadata") == 1);
  CHECK(wheels_read == 0);
  Index offline(config, services(true), reader());
  CHECK(*offline.metadata(files_of(**offline.project(name("foo"))).at(0)) == kMetadata);
}

TEST_CASE_FIXTURE(Fixture, "metadata: what one index says of a wheel is no other's word") {
  const std::string link =
      "<a href=\"foo-1-py3-none-any.whl#sha256=" + digest::digest_of(kMetadata).hex() + "\"";
  LoopbackServer liar(Answers{
      {{"/foo/", html(link + " data-core-metadata=true>")},
       {"/foo/foo-1-py3-none-any.whl.metadata", {.body = kMetadata + "Requires-Dist: evil\n"}}}});
  LoopbackServer honest(
      Answers{{{"/foo/", html(link + ">")}, {"/foo/foo-1-py3-none-any.whl", {.body = kMetadata}}}});
  Index first(indexes({liar.url("/")}), services(), reader());
  CHECK(*first.metadata(files_of(**first.project(name("foo"))).at(0)) ==
        kMetadata + "Requires-Dist: evil\n");
  Index second(indexes({honest.url("/")}), services(), reader());
  CHECK(*second.metadata(files_of(**second.project(name("foo"))).at(0)) == kMetadata);
}

TEST_CASE_FIXTURE(Fixture, "metadata: a wrong digest is an integrity error") {
  LoopbackServer server(
      Answers{{{"/foo/", html("<a href=\"foo-1-py3-none-any.whl\" data-core-metadata=\"sha256=" +
                              std::string(64, '0') + "\">")},
               {"/foo/foo-1-py3-none-any.whl.metadata", {.body = kMetadata}}}});
  Index index(indexes({server.url("/")}), services(), reader());
  const auto metadata = index.metadata(files_of(**index.project(name("foo"))).at(0));
  REQUIRE_FALSE(metadata.has_value());
  CHECK(metadata.error().kind() == ErrorKind::integrity);
  CHECK(metadata.error().message() == "the metadata of foo-1-py3-none-any.whl from " +
                                          server.url("/foo/foo-1-py3-none-any.whl.metadata") +
                                          " has digest " + to_string(digest::digest_of(kMetadata)) +
                                          ", the index says sha256:" + std::string(64, '0'));
}

TEST_CASE_FIXTURE(Fixture,
                  "metadata: without its own file, or when that is missing, the wheel is read") {
  const std::string hash = "#sha256=" + digest::digest_of(kMetadata).hex();
  LoopbackServer server(Answers{
      {{"/foo/", html("<a href=\"foo-1-py3-none-any.whl" + hash + "\">")},
       {"/bar/", html("<a href=\"bar-1-py3-none-any.whl\" data-core-metadata=true>")},
       {"/foo/foo-1-py3-none-any.whl", {.body = kMetadata}},
       {"/bar/bar-1-py3-none-any.whl", {.body = kMetadata + "Requires-Dist: b\n\nlong text"}}}});
  const auto config = indexes({server.url("/")});
  Index index(config, services(), reader());
  const auto foo = files_of(**index.project(name("foo"))).at(0);
  CHECK(*index.metadata(foo) == kMetadata);
  CHECK(index.fetch(foo)->from_store);
  CHECK(*index.metadata(files_of(**index.project(name("bar"))).at(0)) ==
        kMetadata + "Requires-Dist: b\n");
  CHECK(wheels_read == 2);
  Index again(config, services(), reader());
  CHECK(*again.metadata(foo) == kMetadata);
  CHECK(wheels_read == 2);
}

TEST_CASE_FIXTURE(Fixture, "metadata: refused, and missing offline") {
  LoopbackServer server(
      Answers{{{"/foo/", html("<a href=\"foo-1-py3-none-any.whl\" data-core-metadata=true>")},
               {"/foo/foo-1-py3-none-any.whl.metadata", {.status = 403}}}});
  const auto config = indexes({server.url("/")});
  Index index(config, services(), reader());
  const auto files = files_of(**index.project(name("foo")));
  CHECK(index.metadata(files.at(0)).error().kind() == ErrorKind::auth);
  Index offline(config, services(true), reader());
  CHECK(offline.metadata(files.at(0)).error().message() ==
        "the metadata of foo-1-py3-none-any.whl is not in the cache, and --offline forbids to "
        "fetch it");
}

TEST_CASE_FIXTURE(Fixture, "wait: tells of each project once, absent and failed ones too") {
  LoopbackServer server(Answers{{{"/a/", html("<a href=\"a-1.zip\">")}, {"/b/", {.status = 500}}}});
  Index index(indexes({server.url("/")}), services(), reader());
  CHECK(index.wait().empty());
  const std::vector<python::PackageName> all = {name("a"), name("b"), name("c")};
  index.prefetch(all);
  index.prefetch({name("a")});
  std::vector<python::PackageName> told;
  while (true) {
    const auto arrivals = index.wait();
    if (arrivals.empty()) break;
    told.insert(told.end(), arrivals.projects.begin(), arrivals.projects.end());
  }
  std::ranges::sort(told);
  CHECK(told == all);
  server.forget_requests();
  CHECK(file_names(**index.project(name("a"))) == Texts{"0 a-1.zip"});
  CHECK_FALSE((*index.project(name("c")))->known());
  CHECK(server.requests().empty());
  CHECK_FALSE(index.project(name("b")).has_value());  // asked again, then given up
  CHECK(server.requests().size() == 5);
}

TEST_CASE_FIXTURE(Fixture, "wait: a project of several indexes arrives when all have answered") {
  LoopbackServer one(Answers{{{"/foo/", html("<a href=\"foo-1.zip\">")}}});
  LoopbackServer two(Answers{{{"/foo/", html("<a href=\"foo-2.zip\">")}}});
  Index index(indexes({one.url("/"), two.url("/")}), services(), reader());
  index.prefetch({name("foo")});
  CHECK(index.wait().projects == std::vector{name("foo")});
  one.forget_requests();
  two.forget_requests();
  CHECK(file_names(**index.project(name("foo"))) == Texts{"0 foo-1.zip", "1 foo-2.zip"});
  CHECK(one.requests().empty());
  CHECK(two.requests().empty());
  CHECK(index.wait().empty());
}

TEST_CASE_FIXTURE(Fixture, "prefetch: a remote find-links is asked for once, and no arrival") {
  LoopbackServer server(Answers{{{"/list.html", html("<a href=\"foo-1.zip\">")}}});
  IndexConfig config;
  config.find_links = {server.url("/list.html")};
  Index index(config, services(), reader());
  index.prefetch({name("foo"), name("bar")});
  index.prefetch({name("baz")});
  CHECK(index.wait().projects == std::vector{name("foo"), name("bar"), name("baz")});
  CHECK(index.wait().empty());
  CHECK(file_names(**index.project(name("foo"))) == Texts{"0 foo-1.zip"});
  CHECK(server.request_lines() == Texts{"GET /list.html"});
}

TEST_CASE_FIXTURE(Fixture, "wait: what is fresh in the cache or known already is there at once") {
  LoopbackServer server(
      Answers{{{"/foo/",
                {.headers = {{"Content-Type", "text/html"}, {"Cache-Control", "max-age=600"}},
                 .body = "<a href=\"foo-1-py3-none-any.whl\" data-core-metadata=true>"}},
               {"/foo/foo-1-py3-none-any.whl.metadata", {.body = kMetadata}}}});
  {
    Index index(indexes({server.url("/")}), services(), reader());
    const auto file = files_of(**index.project(name("foo"))).at(0);
    CHECK(index.metadata(file).has_value());
    index.prefetch({name("foo")});
    CHECK(index.wait().projects == std::vector{name("foo")});
  }
  server.forget_requests();
  Index index(indexes({server.url("/")}), services(), reader());
  index.prefetch({name("foo")});
  index.prefetch_metadata(files_of(**index.project(name("foo"))).at(0), 3);
  const auto arrivals = index.wait();
  CHECK(arrivals.projects == std::vector{name("foo")});
  CHECK(arrivals.metadata == std::vector<std::size_t>{3});
  CHECK(server.requests().empty());
}

TEST_CASE_FIXTURE(Fixture, "Index: two sources with one file name and other content: a warning") {
  const auto page = [](char digit) {
    return html("<a href=\"foo-1-py3-none-any.whl#sha256=" + std::string(64, digit) + "\">");
  };
  LoopbackServer one(Answers{{{"/foo/", page('a')}}});
  LoopbackServer two(Answers{{{"/foo/", page('b')}}});
  Index index(indexes({one.url("/"), two.url("/")}), services(), reader());
  for (int i = 0; i < 2; ++i) {
    const auto files = files_of(**index.project(name("foo")));
    REQUIRE(files.size() == 1);
    CHECK(files[0].file.sha256()->hex() == std::string(64, 'a'));
  }
  CHECK(reporter.warnings() == Texts{"foo-1-py3-none-any.whl differs between " + one.url("/") +
                                     " (sha256:" + std::string(64, 'a') + ") and " + two.url("/") +
                                     " (sha256:" + std::string(64, 'b') + "): the first is taken"});
}

TEST_CASE_FIXTURE(Fixture, "Index: files whose name does not parse or names another project") {
  LoopbackServer server(Answers{{{"/foo/", html("<a href=\"bar-1.zip\"><a href=\"foo-x.zip\"><a "
                                                "href=\"foo-1.egg\"><a href=\"foo-1.0.zip\"><a "
                                                "href=\"foo-1-py3-none-any.whl\">")}}});
  Index index(indexes({server.url("/")}), services(), reader());
  const auto project = *index.project(name("foo"));
  CHECK(project->versions().size() == 1);
  CHECK(file_names(*project) == Texts{"0 foo-1.0.zip", "0 foo-1-py3-none-any.whl"});
}

TEST_CASE_FIXTURE(Fixture, "first_index: the first that knows a project supplies all of it") {
  LoopbackServer main(Answers{{{"/foo/", html("<a href=\"foo-9.zip\">")},
                               {"/bar/", html("<a href=\"bar-9.zip\">")},
                               {"/linked/", html("<a href=\"linked-9.zip\">")}}});
  LoopbackServer extra(Answers{{{"/foo/", html("<a href=\"foo-1.zip\">")}}});
  const auto dir = *io::TempDir::create();
  REQUIRE(io::write_atomically(dir.path() / "linked-1.zip", "x").has_value());
  auto config = indexes({main.url("/"), extra.url("/")});
  config.find_links = {dir.path().string()};
  config.strategy = IndexStrategy::first_index;
  for (const bool ahead : {false, true}) {
    CAPTURE(ahead);
    store::MemoryKeyIndex fresh;
    main.forget_requests();
    extra.forget_requests();
    Index index(config, {http, blobs, fresh, clock, reporter}, reader());
    CHECK_FALSE((*index.project(name("none")))->known());  // reads the find-links
    if (ahead) {
      index.prefetch({name("foo"), name("bar"), name("linked")});
      while (!index.wait().empty()) continue;
    }
    CHECK(file_names(**index.project(name("foo"))) == Texts{"2 foo-1.zip"});
    CHECK(file_names(**index.project(name("bar"))) == Texts{"1 bar-9.zip"});
    CHECK(file_names(**index.project(name("linked"))) == Texts{"0 linked-1.zip"});
    CHECK(main.request_lines() == Texts{"GET /none/", "GET /bar/"});
    CHECK(extra.requests().size() == 3);
  }
}

TEST_CASE_FIXTURE(Fixture, "first_index: an index that refuses is the end, not a step") {
  LoopbackServer main(Answers{{{"/foo/", html("<a href=\"foo-9.zip\">")}}});
  LoopbackServer extra([](const ServerRequest&) { return ServerResponse{.status = 401}; });
  auto config = indexes({main.url("/"), extra.url("/")});
  config.strategy = IndexStrategy::first_index;
  Index index(config, services(), reader());
  index.prefetch({name("foo")});
  while (!index.wait().empty()) continue;
  CHECK(index.project(name("foo")).error().kind() == ErrorKind::auth);
  CHECK(main.requests().empty());
}

TEST_CASE_FIXTURE(Fixture, "framework_index: it alone counts for its projects, if it knows them") {
  LoopbackServer main(Answers{{{"/torch/", html("<a href=\"torch-9.zip\">")},
                               {"/triton/", html("<a href=\"triton-9.zip\">")},
                               {"/numpy/", html("<a href=\"numpy-9.zip\">")}}});
  LoopbackServer framework(Answers{{{"/torch/", html("<a href=\"torch-1.zip\">")},
                                    {"/numpy/", html("<a href=\"numpy-1.zip\">")}}});
  auto config = indexes({main.url("/")});
  config.framework_index = *url::parse(framework.url("/"));
  Index index(config, services(), reader());
  index.prefetch({name("torch"), name("triton"), name("numpy")});
  while (!index.wait().empty()) continue;
  CHECK(index.sources() == Texts{main.url("/"), framework.url("/")});
  CHECK(file_names(**index.project(name("torch"))) == Texts{"1 torch-1.zip"});
  CHECK(file_names(**index.project(name("triton"))) == Texts{"0 triton-9.zip"});
  CHECK(file_names(**index.project(name("numpy"))) == Texts{"0 numpy-9.zip"});
  auto asked = framework.request_lines();
  std::ranges::sort(asked);
  CHECK(asked == Texts{"GET /torch/", "GET /triton/"});
  CHECK(std::ranges::count(main.request_lines(), "GET /torch/") == 0);
}

TEST_CASE_FIXTURE(Fixture, "framework_index: a wheel that the user lays out comes before it") {
  const auto links = *io::TempDir::create();
  REQUIRE(io::write_atomically(links.path() / "torch-9-py3-none-any.whl", "x").has_value());
  LoopbackServer main(Answers{});
  LoopbackServer framework(Answers{});
  auto config = indexes({main.url("/")});
  config.find_links = {links.path().string()};
  config.framework_index = *url::parse(framework.url("/"));
  Index index(config, services(), reader());
  const auto project = index.project(name("torch"));
  REQUIRE(project);
  CHECK((*project)->versions().size() == 1);
  CHECK(framework.request_lines().empty());
}

TEST_CASE_FIXTURE(Fixture, "framework_index: an unreachable one says how to go on") {
  LoopbackServer main(Answers{{{"/torch/", html("<a href=\"torch-9.zip\">")}}});
  LoopbackServer framework([](const ServerRequest&) { return ServerResponse{.status = 503}; });
  auto config = indexes({main.url("/")});
  config.framework_index = *url::parse(framework.url("/"));
  Index index(config, services(), reader());
  const auto error = index.project(name("torch")).error();
  CHECK(error.kind() == ErrorKind::network);
  CHECK(error.hints() == Texts{"set --torch-backend none, or --torch-index URL for a mirror"});
}

TEST_CASE_FIXTURE(Fixture, "Index: credentials reach neither cache nor messages") {
  LoopbackServer server(Answers{{{"/foo/", html("<a href=\"foo-1.zip\">")}}});
  auto config = indexes({server.url("/")});
  config.indexes[0].username = "someone";
  config.indexes[0].password = "s3cret";
  config.framework_index = config.indexes[0];
  {
    Index index(config, services(), reader());
    CHECK(files_of(**index.project(name("foo"))).at(0).file.url.password == "s3cret");
    for (const auto& source : index.sources()) CHECK(source.find("s3cret") == std::string::npos);
  }
  // From the cache, the link has them again.
  Index index(config, services(true), reader());
  CHECK(files_of(**index.project(name("foo"))).at(0).file.url.password == "s3cret");
  CHECK(render(index.project(name("bar")).error()).find("s3cret") == std::string::npos);
  const auto entries = *keys.list(store::Table::response);
  CHECK(entries.size() == 2);
  for (const auto& [key, value] : entries)
    for (const char* secret : {"someone", "s3cret"})
      CHECK((key + value).find(secret) == std::string::npos);
}
