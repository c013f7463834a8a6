#include <cogbuild/python/direct_fragment.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace cogbuild;
using python::DirectFragment;

TEST_CASE("DirectFragment: name, extras, subdirectory and hashes in any order") {
  const std::string hex(64, 'a');
  const auto parsed = DirectFragment::of(
      "https://h/x.zip#subdirectory=a//./b%20c&egg=My_Tool[Z,y]&sha256=" + hex + "&other=1&bare");
  REQUIRE_MESSAGE(parsed, (parsed ? "" : render(parsed.error())));
  CHECK(to_string(parsed->egg) == "my-tool");
  CHECK(parsed->extras == std::vector<std::string>{"y", "z"});
  CHECK(parsed->subdirectory == "a/b c");
  REQUIRE(parsed->hashes.size() == 1);
  CHECK(parsed->hashes[0].hex == hex);
  CHECK(DirectFragment::of("https://h/x.zip").value() == DirectFragment());
  CHECK(DirectFragment::parse("").value() == DirectFragment());
}

TEST_CASE("DirectFragment: what leaves the source, is weak or is no name is refused") {
  for (const char* path : {"../x", "a/../../x", "/x", "a%2F..%2Fb", "a\\b", "a%0Ab"}) {
    CAPTURE(path);
    const auto parsed = DirectFragment::parse(std::string("subdirectory=") + path);
    REQUIRE(!parsed);
    CHECK(parsed.error().message() == "the subdirectory of a URL must lie within it");
  }
  CHECK(DirectFragment::parse("md5=" + std::string(32, 'a')).error().kind() ==
        ErrorKind::unsupported);
  CHECK(DirectFragment::parse("sha256=zz").error().kind() == ErrorKind::config);
  for (const char* egg : {"", "x>=1", "x @ https://h/y", "x; os_name == 'posix'", "-"}) {
    CAPTURE(egg);
    const auto parsed = DirectFragment::parse(std::string("egg=") + egg);
    REQUIRE(!parsed);
    CHECK(parsed.error().message() == "the `egg` of a URL must be a project's name");
  }
}
