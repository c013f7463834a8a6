#include <cogbuild/url/url.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace cogbuild;
using namespace cogbuild::url;

namespace {

Url must(std::string_view text) {
  auto url = parse(text);
  REQUIRE_MESSAGE(url.has_value(), std::string(text));
  return *url;
}

std::string failure(std::string_view text) {
  const auto url = parse(text);
  REQUIRE_MESSAGE(!url.has_value(), std::string(text));
  CHECK(url.error().kind() == ErrorKind::config);
  return url.error().message();
}

}  // namespace

TEST_CASE("parse: takes a URL apart") {
  const Url url = must("HTTPS://us%40er:p%3Aw@Example.ORG:8443/a%20b/c?x=1&y#part");
  CHECK(url.scheme == "https");
  CHECK(url.username == "us@er");
  CHECK(url.password == "p:w");
  CHECK(url.host == "example.org");
  CHECK(url.port == 8443);
  CHECK(url.path == "/a%20b/c");
  CHECK(url.query == "x=1&y");
  CHECK(url.fragment == "part");
}

TEST_CASE("to_string: parse and print are inverse, without user-info and fragment") {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"http://example.org", "http://example.org/"},
      {"http://example.org:80/x", "http://example.org/x"},
      {"https://example.org:443?q", "https://example.org/?q"},
      {"http://example.org:443/", "http://example.org:443/"},
      {"http://[::1]:81/x", "http://[::1]:81/x"},
      {"http://[0:0:0:0:0:0:0:1]/x", "http://[::1]/x"},
      {"https://user:secret@h.example/x#f", "https://h.example/x"},
      {"https://token@h.example/x", "https://h.example/x"},
      {"https://a@b@h.example/", "https://h.example/"},
      {"file:///srv/a b", "file:///srv/a%20b"},
      {"file:/srv/x", "file:///srv/x"},
      {"file://localhost/srv/x", "file:///srv/x"},
      {"http://h/caf\xc3\xa9 \"q\"", "http://h/caf%C3%A9%20%22q%22"},
      {"http://h/%zz%", "http://h/%zz%"},
      {"http://h/torch-2.1%2Bcu121.whl", "http://h/torch-2.1%2Bcu121.whl"},
  };
  for (const auto& [text, printed] : table) {
    CAPTURE(text);
    const Url url = must(text);
    CHECK(to_string(url) == printed);
    Url bare = url;
    bare.username = bare.password = bare.fragment = {};
    CHECK(must(printed) == bare);
  }
}

TEST_CASE("parse: refuses what could be misread, and says why") {
  CHECK(failure("example.org/x") == "`example.org/x` is not a usable URL: it has no scheme");
  CHECK(failure("ftp://h/x") ==
        "`ftp://h/x` is not a usable URL: the scheme must be http, https or file");
  CHECK(failure("http:/x") == "`http:/x` is not a usable URL: `//` must follow the scheme");
  CHECK(failure("http:///x") == "`http:///x` is not a usable URL: it has no host");
  CHECK(failure("http://h:99999/") ==
        "`http://h:99999/` is not a usable URL: the port is above 65535");
  CHECK(failure("http://h:8x/") == "`http://h:8x/` is not a usable URL: the port is not a number");
  CHECK(failure("http://h:99999999999999999999/") ==
        "`http://h:99999999999999999999/` is not a usable URL: the port is not a number");
  CHECK(failure("http://a b/") == "`http://a b/` is not a usable URL: the host is malformed");
  CHECK(failure("http://h\\evil/") ==
        "`http://h\\evil/` is not a usable URL: the host is malformed");
  CHECK(failure("http://[::1/") == "`http://[::1/` is not a usable URL: the port is not a number");
  CHECK(failure("http://[zz]/") == "`http://[zz]/` is not a usable URL: the host is malformed");
  CHECK(failure("http://h/\r\nX: y") ==
        "`http://h/X: y` is not a usable URL: it holds a control character");
  CHECK(failure("file://other/x") ==
        "`file://other/x` is not a usable URL: a file URL names a path on this machine");
  CHECK(failure("file:x") == "`file:x` is not a usable URL: a file URL needs an absolute path");
  CHECK(failure("") == "`` is not a usable URL: it has no scheme");
}

TEST_CASE("parse: no message shows credentials or signatures") {
  for (const std::string text :
       {"https://user:secret@:1/", "https://user:sec/ret@h/secret@x",
        "https://secret@h:99999/?t=secret", "secret@h", "https://user:%0asecret@h/",
        "ftp://u:secret@h/", "https://u:sec\nret@h/"}) {
    CAPTURE(text);
    const auto url = parse(text);
    if (url) continue;
    CHECK(url.error().message().find("sec") == std::string::npos);
  }
}

TEST_CASE("resolve: the examples of RFC 3986, section 5.4") {
  const Url base = must("http://a/b/c/d;p?q");
  const std::vector<std::pair<std::string, std::string>> table = {
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g/"},
      {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},
      {"#s", "http://a/b/c/d;p?q"},
      {";x", "http://a/b/c/;x"},
      {"", "http://a/b/c/d;p?q"},
      {".", "http://a/b/c/"},
      {"..", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../..", "http://a/"},
      {"../../g", "http://a/g"},
      {"../../../../g", "http://a/g"},
      {"/./g", "http://a/g"},
      {"/../g", "http://a/g"},
      {"g.", "http://a/b/c/g."},
      {"..g", "http://a/b/c/..g"},
      {"./g/.", "http://a/b/c/g/"},
      {"g/../h", "http://a/b/c/h"},
      {"https://x/y/../z", "https://x/z"},
      {"  g \n", "http://a/b/c/g"},
  };
  for (const auto& [reference, expected] : table) {
    CAPTURE(reference);
    const auto url = resolve(base, reference);
    REQUIRE(url.has_value());
    CHECK(to_string(*url) == expected);
  }
  CHECK(resolve(base, "g#sha256=00")->fragment == "sha256=00");
}

TEST_CASE("resolve: only a relative reference keeps the user-info") {
  const Url base = must("https://user:pw@h/simple/x/");
  CHECK(resolve(base, "../../f/a.whl")->username == "user");
  CHECK(resolve(base, "https://h/f/a.whl")->username.empty());
  CHECK(resolve(base, "//evil/f")->password.empty());
}

TEST_CASE("resolve: a scheme other than http, https and file is an error") {
  CHECK_FALSE(resolve(must("http://h/"), "javascript:alert(1)").has_value());
  CHECK_FALSE(resolve(must("http://h/"), "a\nb").has_value());
}

TEST_CASE("same_origin: scheme, host and port") {
  const Url url = must("https://h.example/x");
  CHECK(url.same_origin(must("https://H.example:443/y")));
  CHECK_FALSE(url.same_origin(must("http://h.example:443/")));
  CHECK_FALSE(url.same_origin(must("https://h.example:444/")));
  CHECK_FALSE(url.same_origin(must("https://sub.h.example/")));
}

TEST_CASE("is_loopback: names and addresses of this machine alone") {
  for (const char* text : {"http://localhost/", "http://a.localhost/", "http://127.0.0.1:5/",
                           "http://127.9.9.9/", "http://[::1]/"})
    CHECK_MESSAGE(must(text).is_loopback(), text);
  for (const char* text : {"http://localhost.example/", "http://127.0.0.1.example/",
                           "http://128.0.0.1/", "http://notlocalhost/", "http://[::2]/"})
    CHECK_MESSAGE(!must(text).is_loopback(), text);
}

TEST_CASE("file_name: the last part, decoded, never a path") {
  CHECK(must("http://h/a/torch-2.1%2Bcu121-cp311.whl?x=/y").file_name() ==
        "torch-2.1+cu121-cp311.whl");
  CHECK(must("http://h/a/").file_name().empty());
  CHECK(must("http://h/a/..%2F..%2Fetc").file_name() == "etc");
  CHECK(must("http://h/a/%2E%2E").file_name().empty());
}

TEST_CASE("to_display: values of the query are hidden") {
  CHECK(to_display(must("https://u:p@h/x?sig=secret&a=b&token#f")) == "https://h/x?sig=…&a=…&…");
}

TEST_CASE("percent_encode: everything but unreserved characters, undone by percent_decode") {
  CHECK(percent_encode("sha256:a/b c~") == "sha256%3Aa%2Fb%20c~");
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  CHECK(percent_decode(percent_encode(all)) == all);
  CHECK(percent_decode("%4") == "%4");
  CHECK(percent_decode("a%2") == "a%2");
  CHECK(percent_decode("%41%4a") == "AJ");
}
