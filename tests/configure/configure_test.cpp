#include "sample_root.hpp"

#include <doctest/doctest.h>

using namespace cogbuild;
using namespace cogbuild::configure;

namespace {

debian::DebContents scripted(std::string name, std::string script) {
  return package(std::move(name), {},
                 {{.name = "postinst", .content = "#!/bin/sh\n" + std::move(script)}});
}

SampleRoot new_root() {
  SampleRoot root;
  root.tree = {};
  root.options.new_root = true;
  auto passwd = package("base-passwd");
  passwd.contents = {
      {.name = "usr/share/base-passwd/group.master", .content = "root:*:0:\nshadow:*:42:\n"},
      {.name = "usr/share/base-passwd/passwd.master",
       .content = "root:*:0:0:root:/root:/bin/bash\n"}};
  root.packages = {passwd, package("tini", {file_entry("usr/bin/tini")}),
                   scripted("x", "adduser --system --group x\nadduser --system --group w\n"),
                   package("tzdata")};
  return root;
}

}  // namespace

TEST_CASE("configure: a new root can be logged into, found and entered") {
  const auto result = new_root().configured();
  CHECK(content_of(result, "bin") == "usr/bin");
  CHECK(content_of(result, "lib64") == "usr/lib64");
  CHECK(content_of(result, "usr/sbin/tini") == "../bin/tini");
  CHECK(content_of(result, "etc/localtime") == "/usr/share/zoneinfo/Etc/UTC");
  CHECK(content_of(result, "etc/passwd").starts_with("root:x:0:0:root:/root:/bin/bash\nw:x:100:"));
  CHECK(content_of(result, "etc/shadow") ==
        "root:*::0:99999:7:::\nw:!::0:99999:7:::\nx:!::0:99999:7:::\n");
  CHECK(content_of(result, "etc/gshadow") == "root:*::\nshadow:*::\nw:!::\nx:!::\n");
  const auto* tmp = find_file(*result, "tmp");
  REQUIRE(tmp != nullptr);
  CHECK(tmp->mode == 01777);
}

TEST_CASE("configure: the order of packages changes nothing, and paths are sorted") {
  auto root = new_root();
  const auto result = root.configured();
  std::ranges::reverse(root.packages);
  const auto again = root.configured();
  REQUIRE(result);
  REQUIRE(again);
  CHECK(result->files == again->files);
  CHECK(std::ranges::is_sorted(result->files, {}, &GeneratedFile::path));
}

TEST_CASE("configure: every package that is not known is named, with what it does") {
  SampleRoot root;
  root.packages = {scripted("one", "frob a\nfrob b\nfrob c\nfrob d\n"), scripted("two", "echo\n"),
                   scripted("three", "echo 1 > /etc/x\n")};
  const auto result = root.configured();
  REQUIRE_FALSE(result);
  CHECK(result.error().kind() == ErrorKind::unsupported);
  CHECK(render(result.error()) ==
        "error: the maintainer scripts of `one` do more than is known\n"
        "  postinst:2: frob a\n  postinst:3: frob b\n  postinst:4: frob c\n  and 1 more\n"
        "hint: `debian.skip_scripts: [one, three]` in cogbuild.yaml takes the packages without "
        "running the scripts\n"
        "error: the maintainer scripts of `three` do more than is known\n"
        "  postinst:2: echo 1 > /etc/x\n");
  root.options.skip_scripts = {"one", "three"};
  const auto skipped = root.configured();
  REQUIRE(skipped);
  CHECK(skipped->warnings ==
        std::vector<std::string>{"the maintainer scripts of `one` were followed in part only",
                                 "the maintainer scripts of `three` were followed in part only"});
}

TEST_CASE("configure: directories, links and files of scripts lie where they should") {
  SampleRoot root;
  auto one = scripted("one",
                      "mkdir -p /var/lib/one\nchown root:one /var/lib/one\nchmod 2750 "
                      "/var/lib/one\naddgroup --system one\nln -s ../x /etc/one\ntouch "
                      "/bin/marker\nif grep -q a /etc/b; then ln -s /c /etc/guess; fi\n"
                      "chown root:one /proc/x /etc/none\n");
  root.packages = {one};
  const auto result = root.configured();
  REQUIRE(result);
  const auto* directory = find_file(*result, "var/lib/one");
  REQUIRE(directory != nullptr);
  CHECK(directory->mode == 02750);
  CHECK(directory->gid == 100);
  CHECK(content_of(result, "etc/one") == "../x");
  CHECK(content_of(result, "usr/bin/marker").empty());
  CHECK(content_of(result, "etc/guess") == "(absent)");
}

TEST_CASE("configure: paths are taken as the root would, and nothing goes where it cannot lie") {
  SampleRoot root;
  root.add_file("etc/passwd", "root:x:0:0::/root:/bin/sh\n");
  root.tree.set("srv/data", {.type = filetree::NodeType::symlink, .link_target = "../opt/data"});
  root.packages = {scripted("x",
                            "mkdir -p /var/lib/x/ /var//lib//y\nmkdir /srv/data/z\n"
                            "adduser --system --home /var/lib/home/ x\n"
                            "ln -s a /etc/passwd/b\nln -sf /tmp /bin\ntouch /lib/new\n")};
  const auto result = root.configured();
  REQUIRE_MESSAGE(result, render(result.error()));
  for (const auto* path : {"var/lib/x", "var/lib/home", "opt/data/z", "usr/lib/new"})
    CHECK_MESSAGE(find_file(*result, path) != nullptr, path);
  for (const auto* path : {"etc/passwd/b", "bin", "var/lib/x/", "srv/data/z"})
    CHECK_MESSAGE(find_file(*result, path) == nullptr, path);
  CHECK(result->warnings ==
        std::vector<std::string>{
            "a maintainer script asks for `bin`, where nothing can lie",
            "a maintainer script asks for `etc/passwd/b`, where nothing can lie"});
}
