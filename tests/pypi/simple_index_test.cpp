#include <cogbuild/pypi/simple_index.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace cogbuild;
using namespace cogbuild::pypi;

namespace {

const std::string kHex(64, 'a');

url::Url page_url(const std::string& text = "https://index.example/simple/foo/") {
  return *url::parse(text);
}

ProjectPage json(const std::string& text) {
  auto page = parse_json_page(text, page_url());
  REQUIRE_MESSAGE(page.has_value(), (page ? "" : page.error().message()));
  return *page;
}

ProjectPage html(const std::string& text,
                 const std::string& url = "https://index.example/simple/foo/") {
  auto page = parse_html_page(text, page_url(url));
  REQUIRE(page.has_value());
  return *page;
}

std::string json_file(const std::string& more) {
  return R"({"meta":{"api-version":"1.1"},"name":"foo","files":[{"filename":"foo-1-py3-none-any.whl",)"
         R"("url":"../../f/foo-1-py3-none-any.whl","hashes":{}})" +
         std::string(
             R"(,{"filename":"foo-2-py3-none-any.whl","url":"https://files.example/foo-2","hashes":{})") +
         more + "}]}";
}

}  // namespace

TEST_CASE("parse_json_page: everything that is known of a file") {
  const auto page =
      json(R"({"meta":{"api-version":"1.4"},"name":"foo","project-status":)"
           R"({"status":"archived","reason":"moved"},"versions":["1"],"files":[{)"
           R"("filename":"foo-1-py3-none-any.whl","url":"../../f/foo-1.whl?x=1#frag",)"
           R"("hashes":{"md5":"00","sha256":")" +
           kHex +
           R"("},"requires-python":">=3.8",)"
           R"("core-metadata":{"sha256":")" +
           kHex +
           R"("},"yanked":"broken","size":123,)"
           R"("upload-time":"2024-01-01T00:00:00Z","unknown":[]}]})");
  CHECK(page.status == ProjectStatus::archived);
  CHECK(page.status_reason == "moved");
  REQUIRE(page.files.size() == 1);
  const File& file = page.files[0];
  CHECK(file.file_name == "foo-1-py3-none-any.whl");
  CHECK(url::to_string(file.url) == "https://index.example/f/foo-1.whl?x=1");
  CHECK(file.url.fragment.empty());
  REQUIRE(file.hashes.size() == 1);
  CHECK(file.sha256()->hex() == kHex);
  CHECK(file.size_bytes == 123);
  CHECK(file.requires_python == ">=3.8");
  CHECK(file.yanked);
  CHECK(file.yanked_reason == "broken");
  CHECK(file.upload_time == "2024-01-01T00:00:00Z");
  CHECK(file.has_metadata);
  CHECK(file.metadata_digest->hex() == kHex);
}

TEST_CASE("parse_json_page: spellings of metadata and yanked") {
  struct Case {
    std::string more;
    bool has_metadata;
    bool yanked;
  };
  for (const auto& [more, has_metadata, yanked] : std::vector<Case>{
           {"", false, false},
           {R"(,"core-metadata":true)", true, false},
           {R"(,"core-metadata":false,"dist-info-metadata":true)", false, false},
           {R"(,"dist-info-metadata":{"sha256":"xx"})", true, false},
           {R"(,"data-dist-info-metadata":true)", true, false},
           {R"(,"core-metadata":null)", false, false},
           {R"(,"yanked":true)", false, true},
           {R"(,"yanked":"")", false, true},
           {R"(,"yanked":false)", false, false},
           {R"(,"requires-python":null,"size":-1,"upload-time":null)", false, false},
       }) {
    CAPTURE(more);
    const auto page = json(json_file(more));
    REQUIRE(page.files.size() == 2);
    CHECK(page.files[1].has_metadata == has_metadata);
    CHECK(page.files[1].yanked == yanked);
    CHECK_FALSE(page.files[1].metadata_digest.has_value());
  }
}

TEST_CASE("parse_json_page: hostile entries are left out") {
  const auto page = json(
      R"({"files":[1,{},{"filename":"../../etc/passwd","url":"x"},)"
      R"({"filename":"a.whl","url":"file:///etc/passwd"},{"filename":"a.whl","url":"javascript:x"},)"
      R"({"filename":"a\n.whl","url":"x"},{"filename":"..","url":"x"},{"filename":7,"url":"x"},)"
      R"({"filename":"ok.whl","url":"ok.whl","hashes":[1]}]})");
  REQUIRE(page.files.size() == 1);
  CHECK(page.files[0].file_name == "ok.whl");
}

TEST_CASE("parse_json_page: a link to a site seen before is read as any other") {
  const auto link_after = [](const std::string& link, bool first) {
    const std::string seen =
        first ? "" : R"({"filename":"a.zip","url":"https://files.example/a.zip"},)";
    const auto page =
        json(R"({"files":[)" + seen + R"({"filename":"b.zip","url":")" + link + R"("}]})");
    REQUIRE(page.files.size() >= 1);
    return page.files.back();
  };
  for (const char* path :
       {"b.zip", "", "x/y/b-1%2Bcpu.zip", "a/../b.zip", "./b.zip", "b.zip?q=1#x", "b c.zip",
        "b.zip#sha256="
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "b.zip#", "//b.zip", "b.zip#egg=b&c", "~b+c.zip", "..b.zip"}) {
    CAPTURE(path);
    const std::string link = "https://files.example/" + std::string(path);
    CHECK(link_after(link, false) == link_after(link, true));
  }
  CHECK(url::to_string(link_after("https://files.example.evil/b.zip", false).url) ==
        "https://files.example.evil/b.zip");
  CHECK(url::to_string(link_after("https://files.example@evil.example/b.zip", false).url) ==
        "https://evil.example/b.zip");
}

TEST_CASE("parse_json_page: deep and long pages are an error or read, never a crash") {
  const std::string deep(5000, '[');
  CHECK_FALSE(parse_json_page(R"({"files":)" + deep, page_url()).has_value());
  std::string many = R"({"files":[1)";
  for (int i = 0; i < 100'000; ++i) many += ",1";
  CHECK(json(many + "]}").files.empty());
  CHECK_FALSE(parse_json_page("", page_url()).has_value());
  CHECK_FALSE(parse_json_page(std::string("{\"files\":[]}\0", 13), page_url()).has_value());
}

TEST_CASE("parse_json_page: malformed pages and other API versions are errors") {
  const auto error = [](const std::string& text) {
    const auto page = parse_json_page(text, page_url());
    REQUIRE_FALSE(page.has_value());
    return page.error();
  };
  CHECK(error("{").message() ==
        "https://index.example/simple/foo/ is not an index page: the JSON is malformed");
  CHECK(error("[]").kind() == ErrorKind::integrity);
  CHECK(error(R"({"files":{}})").message() ==
        "https://index.example/simple/foo/ is not an index page: it lists no files");
  const auto version = error(R"({"meta":{"api-version":"2.0"},"files":[]})");
  CHECK(version.kind() == ErrorKind::unsupported);
  CHECK(version.message() ==
        "https://index.example/simple/foo/ speaks version `2.0` of the index API, cogbuild knows "
        "version 1");
  CHECK(parse_json_page(R"({"meta":{"api-version":"1.99"},"files":[]})", page_url()).has_value());
}

TEST_CASE("parse_html_page: links with all their attributes") {
  const auto page = html(
      "<!DOCTYPE html><html><head><meta name=\"pypi:repository-version\" "
      "content=\"1.0\"></head><body>"
      "<!-- <a href=\"hidden.whl\">x</a> --><script>'<a href=\"s.whl\">'</script>"
      "<A HREF='../../f/torch-2.1%2Bcpu-cp311-cp311-linux_x86_64.whl#sha256=" +
      kHex +
      "' data-requires-python=\"&gt;=3.8&#x2c;&lt;4\" data-yanked data-core-metadata=\"sha256=" +
      kHex +
      "\">any text</A><br/>"
      "<a href=foo-1.tar.gz data-yanked=\"bad &amp; old\" data-dist-info-metadata=true>\n"
      "<a>no link</a><a href=\"\">page</a><a href=\"mailto:x@y\">mail</a></body></html>");
  REQUIRE(page.files.size() == 2);
  CHECK(page.files[0].file_name == "torch-2.1+cpu-cp311-cp311-linux_x86_64.whl");
  CHECK(url::to_string(page.files[0].url) ==
        "https://index.example/f/torch-2.1%2Bcpu-cp311-cp311-linux_x86_64.whl");
  CHECK(page.files[0].sha256()->hex() == kHex);
  CHECK(page.files[0].requires_python == ">=3.8,<4");
  CHECK(page.files[0].yanked);
  CHECK(page.files[0].yanked_reason.empty());
  CHECK(page.files[0].metadata_digest->hex() == kHex);
  CHECK(page.files[1].file_name == "foo-1.tar.gz");
  CHECK(page.files[1].yanked_reason == "bad & old");
  CHECK(page.files[1].has_metadata);
  CHECK(page.files[1].hashes.empty());
}

TEST_CASE("parse_html_page: the base moves links") {
  CHECK(url::to_string(html("<base href=\"/other/\"><a href=\"x.whl\">x</a>").files.at(0).url) ==
        "https://index.example/other/x.whl");
}

TEST_CASE("parse_html_page: status and version of the repository") {
  const auto page = html(
      "<meta name=pypi:project-status content=quarantined>"
      "<meta name=\"pypi:project-status-reason\" content=\"evil\">");
  CHECK(page.status == ProjectStatus::quarantined);
  CHECK(page.status_reason == "evil");
  const auto other =
      parse_html_page("<meta name=\"pypi:repository-version\" content=\"2.0\">", page_url());
  REQUIRE_FALSE(other.has_value());
  CHECK(other.error().kind() == ErrorKind::unsupported);
}

TEST_CASE(
    "parse_html_page: credentials go along within the origin, files of this machine do not count") {
  const auto page = html(
      "<a href=\"a.whl\"></a><a href=\"https://index.example/b.whl\"></a>"
      "<a href=\"https://files.example/c.whl\"></a><a href=\"file:///d.whl\"></a>",
      "https://user:pw@index.example/simple/foo/");
  REQUIRE(page.files.size() == 3);
  CHECK(page.files[0].url.username == "user");
  CHECK(page.files[1].url.password == "pw");
  CHECK_FALSE(page.files[2].url.has_credentials());
  CHECK(html("<a href=\"d.whl\"></a>", "file:///srv/page.html").files.size() == 1);
}

TEST_CASE("parse_html_page: broken markup ends, it does not hang") {
  for (const char* text :
       {"<", "<a", "<a href", "<a href=", "<a href='x", "<!--", "<script>", "<a =/=>", "<a href=x",
        "&", "<a href=\"&#99999999;&#x;&;&amp\">", "<a\0b>", "</a"}) {
    CAPTURE(text);
    html(text);
  }
  CHECK(html("<a href=\"x&#65;&unknown;&amp.whl\">").files.at(0).file_name ==
        "xA&unknown;&amp.whl");
}

TEST_CASE("parse_page: the Content-Type decides") {
  const auto type = [](const std::string& content_type, const std::string& body) {
    return parse_page(content_type, body, page_url());
  };
  CHECK(type("application/vnd.pypi.simple.v1+json", R"({"files":[]})").has_value());
  CHECK(type("Text/HTML; charset=utf-8", "<a href=x.whl>")->files.size() == 1);
  CHECK(type("application/vnd.pypi.simple.v1+html", "").has_value());
  const auto other = type("application/json", "{}");
  REQUIRE_FALSE(other.has_value());
  CHECK(other.error().kind() == ErrorKind::unsupported);
  CHECK(other.error().message() ==
        "https://index.example/simple/foo/ answered with content of type `application/json`, which "
        "is "
        "no index page");
}
