#include "../../src/configure/alternatives.hpp"

#include "sample_root.hpp"

#include <doctest/doctest.h>

using namespace cogbuild::configure;

namespace {

constexpr const char* kAwk =
    "auto\n/usr/bin/awk\nnawk\n/usr/bin/nawk\n\n/usr/bin/mawk\n5\n/usr/bin/mawk\n\n";

SampleRoot root_with(std::string script) {
  SampleRoot root;
  root.packages = {package("gawk", {file_entry("usr/bin/gawk"), file_entry("usr/bin/nawk-g")},
                           {{.name = "postinst", .content = "#!/bin/sh\n" + std::move(script)}})};
  return root;
}

}  // namespace

TEST_CASE("parse_alternative_group: what to_text writes") {
  const auto group = parse_alternative_group(kAwk, "awk");
  REQUIRE(group);
  CHECK(group->link == "/usr/bin/awk");
  CHECK(group->choices.at("/usr/bin/mawk").priority == 5);
  CHECK(to_text(*group) == kAwk);
  for (const auto* damaged : {"", "auto\n", "auto\nx\n\n\n", "best\n/a\n\n\n",
                              "auto\n/a\n\n/b\nx\n\n", "auto\n/a\ns\n/s\ns\n/s\n\n\n"}) {
    CAPTURE(damaged);
    const auto error = parse_alternative_group(damaged, "var/lib/dpkg/alternatives/a");
    REQUIRE_FALSE(error);
    CHECK(error.error().message() ==
          "var/lib/dpkg/alternatives/a is damaged: it is no group of alternatives");
  }
}

TEST_CASE("configure: the highest priority wins, with the slaves that are there") {
  auto root = root_with(
      "update-alternatives --install /usr/bin/awk awk /usr/bin/gawk 10 --slave /usr/bin/nawk nawk "
      "/usr/bin/nawk-g --slave /usr/share/man/man1/awk.1.gz awk.1.gz "
      "/usr/share/man/man1/gawk.1.gz\n");
  root.add_file("usr/bin/mawk", "");
  root.add_file("var/lib/dpkg/alternatives/awk", kAwk);
  const auto result = root.configured();
  CHECK(content_of(result, "usr/bin/awk") == "/etc/alternatives/awk");
  CHECK(content_of(result, "etc/alternatives/awk") == "/usr/bin/gawk");
  CHECK(content_of(result, "etc/alternatives/nawk") == "/usr/bin/nawk-g");
  CHECK(content_of(result, "etc/alternatives/awk.1.gz") == "(absent)");
  CHECK(content_of(result, "var/lib/dpkg/alternatives/awk") ==
        "auto\n/usr/bin/awk\nawk.1.gz\n/usr/share/man/man1/awk.1.gz\nnawk\n/usr/bin/nawk\n\n"
        "/usr/bin/gawk\n10\n/usr/share/man/man1/gawk.1.gz\n/usr/bin/nawk-g\n"
        "/usr/bin/mawk\n5\n\n/usr/bin/mawk\n\n");
}

TEST_CASE("configure: a lower priority joins the group and changes no link") {
  auto root = root_with("update-alternatives --install /usr/bin/awk awk /usr/bin/gawk 1\n");
  root.add_file("usr/bin/mawk", "");
  root.add_file("var/lib/dpkg/alternatives/awk", kAwk);
  CHECK(content_of(root.configured(), "etc/alternatives/awk") == "/usr/bin/mawk");
}

TEST_CASE("configure: of equal priorities the first path wins; files and choices by hand stay") {
  auto root = root_with(
      "update-alternatives --install /usr/bin/x x /usr/bin/nawk-g 3\n"
      "update-alternatives --install /usr/bin/x x /usr/bin/gawk 3\n"
      "update-alternatives --install /usr/bin/y y /usr/bin/gone 3\n"
      "update-alternatives --install /usr/bin/z z /usr/bin/gawk 3\n"
      "update-alternatives --install /usr/bin/awk awk /usr/bin/gawk 30\n");
  root.add_file("usr/bin/z", "");
  auto manual = std::string(kAwk);
  root.add_file("usr/bin/mawk", "");
  root.add_file("var/lib/dpkg/alternatives/awk", manual.replace(0, 4, "manual"));
  const auto result = root.configured();
  CHECK(content_of(result, "etc/alternatives/x") == "/usr/bin/gawk");
  CHECK(content_of(result, "usr/bin/y") == "(absent)");
  CHECK(content_of(result, "usr/bin/z") == "(absent)");
  CHECK(content_of(result, "etc/alternatives/awk") == "(absent)");
}

TEST_CASE("configure: a link below a merged directory lies where that leads") {
  auto root = root_with("update-alternatives --install /lib/cpp cpp /bin/gawk 10\n");
  const auto result = root.configured();
  CHECK(content_of(result, "usr/lib/cpp") == "/etc/alternatives/cpp");
  CHECK(content_of(result, "etc/alternatives/cpp") == "/bin/gawk");
}
