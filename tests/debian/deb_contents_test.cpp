#include <cogbuild/debian/deb_contents.hpp>

#include <doctest/doctest.h>

#include <string>
#include <utility>

using namespace cogbuild;
using debian::DebEntryType;

namespace {

debian::DebContents sample() {
  return {.name = "demo",
          .version = "1:2.0-1",
          .architecture = "amd64",
          .multi_arch_same = true,
          .stanza = "Package: demo\nVersion: 1:2.0-1\n",
          .control = {{.name = "postinst", .content = "#!/bin/sh\n12:34 \n"}, {.name = "triggers"}},
          .contents = {{.name = "etc/ld.so.conf", .content = std::string("a\0b", 3)}},
          .conffiles = {{.name = "etc/demo", .content = "d41d8cd98f00b204e9800998ecf8427e"}},
          .entries = {{.type = DebEntryType::directory, .mode = 0755},
                      {.path = "usr/bin/su", .shipped = "bin/su", .mode = 04755, .size_bytes = 7},
                      {.path = "usr/lib/libdemo.so.1",
                       .uid = 1,
                       .gid = 42,
                       .size_bytes = std::uint64_t{1} << 40U,
                       .soname = "libdemo.so.1",
                       .loader_flags = 0x0303},
                      {.path = "usr/lib/libdemo.so",
                       .type = DebEntryType::symlink,
                       .mode = 0777,
                       .link_target = "a b\n\t3:c"},
                      {.path = "usr/lib/x", .type = DebEntryType::hardlink, .link_target = "y"}}};
}

}  // namespace

TEST_CASE("deb_contents: the cached form reads back as what was written") {
  const auto contents = sample();
  const auto parsed = debian::parse_deb_contents(to_text(contents));
  REQUIRE(parsed);
  CHECK(*parsed == contents);
  CHECK(*debian::parse_deb_contents(debian::to_text(debian::DebContents{})) ==
        debian::DebContents{});
}

TEST_CASE("deb_contents: a cached form that was cut, extended or changed in a count is damaged") {
  const std::string text = to_text(sample());
  for (std::size_t length = 0; length < text.size(); ++length) {
    const auto parsed = debian::parse_deb_contents(text.substr(0, length));
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().kind() == ErrorKind::integrity);
    CHECK(parsed.error().message() == "the cached contents of a package are damaged");
  }
  CHECK_FALSE(debian::parse_deb_contents(text + "x"));
  CHECK_FALSE(debian::parse_deb_contents("deb 1\n99999999999999999999:x"));
  CHECK_FALSE(debian::parse_deb_contents("deb 1\n1:a1:b1:c0 1:d18446744073709551615 "));
  CHECK_FALSE(debian::parse_deb_contents("deb 2\n" + text.substr(6)));
}

TEST_CASE("deb_contents: dpkg's files of a package that may be there twice name its architecture") {
  auto contents = sample();
  CHECK(database_name(contents) == "demo:amd64");
  contents.multi_arch_same = false;
  CHECK(database_name(contents) == "demo");
}

TEST_CASE("deb_contents: control files and kept contents are found by name") {
  const auto contents = sample();
  REQUIRE(contents.find_control("postinst") != nullptr);
  CHECK(*contents.find_control("postinst") == "#!/bin/sh\n12:34 \n");
  CHECK(contents.find_control("preinst") == nullptr);
  REQUIRE(contents.find_content("etc/ld.so.conf") != nullptr);
  CHECK(contents.find_content("etc/passwd") == nullptr);
}
