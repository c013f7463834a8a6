// A kept page, seen through the index: what it lists survives being written and read, offline.
#include <cogbuild/http/scripted_client.hpp>
#include <cogbuild/pypi/index.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace cogbuild;
using namespace cogbuild::pypi;

namespace {

struct World {
  http::ScriptedClient http{};
  store::MemoryBlobStore blobs{};
  store::MemoryKeyIndex keys{};
  clock::ManualClock clock{};
  progress::Recording reporter{};

  // The files of `foo`, by version from the oldest, in one run after the page was cached.
  std::vector<File> files(bool offline) {
    IndexConfig config;
    config.indexes.push_back(*url::parse("https://index.example/simple/"));
    Index index(config, {http, blobs, keys, clock, reporter, offline}, {});
    const auto project = index.project(*python::PackageName::parse("foo"));
    REQUIRE_MESSAGE(project.has_value(), (project ? "" : project.error().message()));
    std::vector<File> out;
    for (std::size_t i = 0; i < (*project)->versions().size(); ++i) {
      if (i > 0) CHECK((*project)->versions()[i - 1] < (*project)->versions()[i]);
      for (auto& file : (*project)->files(i)) out.push_back(std::move(file.file));
    }
    return out;
  }
  void page(const std::string& files) {
    http.answer(http::Method::get, "https://index.example/simple/foo/",
                {.headers = {{"Content-Type", "application/vnd.pypi.simple.v1+json"}},
                 .body = R"({"files":[)" + files + "]}"});
  }
};

std::string hex(std::size_t digits, char digit) { return std::string(digits, digit); }

}  // namespace

TEST_CASE_FIXTURE(World, "a kept page: every part of a file, whatever its neighbours hold") {
  const std::string folder = "https://files.example/packages/ab/cd/" + hex(60, 'e') + "/";
  std::string body;
  // Each differs from the one before it in most parts.
  const std::vector<std::string> entries = {
      R"("filename":"foo-2.0-py3-none-any.whl","url":")" + folder +
          R"(foo-2.0-py3-none-any.whl","hashes":{"sha256":")" + hex(64, 'a') +
          R"("},"size":7,"requires-python":">=3.9","upload-time":"2024-01-02T03:04:05Z",)"
          R"("core-metadata":{"sha256":")" +
          hex(64, 'b') + R"("})",
      R"("filename":"foo-2.0.tar.gz","url":"../../f/other.tar.gz?x=1","hashes":{"sha512":")" +
          hex(128, 'c') + R"(","sha256":")" + hex(64, 'd') + R"("},"yanked":"bad")",
      R"("filename":"foo-1.0+cu1-py3-none-any.whl","url":"https://files.example/)" +
          std::string(R"(foo-1.0%2Bcu1-py3-none-any.whl","yanked":true,"core-metadata":true)"),
      R"("filename":"foo-1.0-py3-none-any.whl","url":"https://files.example:81/packages/ab/cd/)" +
          hex(60, 'z') + R"(/foo-1.0-py3-none-any.whl","upload-time":"2020-01-01T00:00:00.5Z")",
      R"("filename":"foo-1!3.zip","url":")" + folder + R"(foo-1%213.zip","size":)" +
          R"(18446744073709551615,"requires-python":">=3.9")",
      R"("filename":"foo-0.zip","url":"/foo-0.zip","hashes":{})",
  };
  for (const auto& entry : entries) body += (body.empty() ? "{" : ",{") + entry + "}";
  page(body);
  const auto first = files(false);
  REQUIRE(first.size() == 6);
  CHECK(files(true) == first);

  std::vector<std::string> names;
  for (const auto& file : first) names.push_back(file.file_name);
  CHECK(names == std::vector<std::string>{
                     "foo-0.zip", "foo-1.0-py3-none-any.whl", "foo-1.0+cu1-py3-none-any.whl",
                     "foo-2.0-py3-none-any.whl", "foo-2.0.tar.gz", "foo-1!3.zip"});
  const auto parsed = parse_json_page(R"({"files":[)" + body + "]}",
                                      *url::parse("https://index.example/simple/foo/"));
  REQUIRE(parsed.has_value());
  for (const auto& file : parsed->files) {
    CAPTURE(file.file_name);
    CHECK(std::ranges::find(first, file) != first.end());
  }
}

TEST_CASE_FIXTURE(World, "a kept page: a version may be spelt in several ways, and in any order") {
  page(R"({"filename":"foo-2.zip","url":"a"},{"filename":"foo-1.0.zip","url":"b"},)"
       R"({"filename":"foo-3.zip","url":"c"},{"filename":"foo-1-py3-none-any.whl","url":"d"},)"
       R"({"filename":"foo-2.0-py3-none-any.whl","url":"e"})");
  std::vector<std::string> names;
  for (const auto& file : files(false)) names.push_back(file.file_name);
  CHECK(names == std::vector<std::string>{"foo-1.0.zip", "foo-1-py3-none-any.whl", "foo-2.zip",
                                          "foo-2.0-py3-none-any.whl", "foo-3.zip"});
  CHECK(files(true).size() == 5);
}
