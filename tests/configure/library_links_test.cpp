#include "../../src/configure/library_links.hpp"

#include "../../src/configure/ld_so_cache.hpp"
#include "sample_root.hpp"

#include <doctest/doctest.h>

using namespace cogbuild::configure;

namespace {

using Lines = std::vector<std::string>;

Lines listed(const cogbuild::Result<Configuration>& result) {
  const auto entries = read_ld_so_cache(content_of(result, "etc/ld.so.cache"), "cache");
  Lines lines;
  if (entries)
    for (const auto& entry : *entries) lines.push_back(entry.soname + " " + entry.path);
  return lines;
}

SampleRoot sample() {
  SampleRoot root;
  root.add_file("etc/ld.so.conf", "include /etc/ld.so.conf.d/*.conf\n");
  root.add_file("etc/ld.so.conf.d/x.conf",
                "# multiarch\n/usr/local/lib/\n/lib/x86_64-linux-gnu\n/usr/lib/x86_64-linux-gnu\n");
  root.add_file("etc/ld.so.conf.d/x.conf.dpkg-old", "/opt/old\n");
  return root;
}

const std::string kDir = "usr/lib/x86_64-linux-gnu/";

}  // namespace

TEST_CASE("library_directories: of two names of one directory the first") {
  const auto root = sample();
  const auto borrowed = root.root();
  const WorkingRoot working({}, borrowed, root.options);
  std::string directories;
  for (const auto& one : library_directories(working)) directories += one + " ";
  CHECK(directories == "/usr/local/lib /lib/x86_64-linux-gnu /lib ");
}

TEST_CASE("configure: libraries are listed by soname, and linked where the link is missing") {
  auto root = sample();
  root.packages = {package(
      "liba", {library_entry(kDir + "liba.so.1.2", "liba.so.1"),
               link_entry(kDir + "liba.so", "liba.so.1.2"),
               library_entry(kDir + "libb.so.3.0", "libb.so.3"),
               link_entry(kDir + "libb.so.3", "libb.so.3.0"),
               library_entry(kDir + "libb.so.2.9", "libb.so.2"),
               library_entry(kDir + "libold.so.1.9", "libold.so.1"),
               library_entry(kDir + "libold.so.1.10", "libold.so.1"),
               library_entry(kDir + "private/libp.so.1", "libp.so.1"),
               library_entry(kDir + "plugin.so", "plugin.so"), file_entry(kDir + "libtext.so"),
               link_entry(kDir + "libgone.so.1", "nowhere"),
               library_entry("usr/local/lib/liba.so.1", "liba.so.1")})};
  const auto result = root.configured();
  CHECK(listed(result) == Lines{"libold.so.1 /lib/x86_64-linux-gnu/libold.so.1",
                                "libb.so.3 /lib/x86_64-linux-gnu/libb.so.3",
                                "libb.so.2 /lib/x86_64-linux-gnu/libb.so.2",
                                "liba.so.1 /usr/local/lib/liba.so.1",
                                "liba.so.1 /lib/x86_64-linux-gnu/liba.so.1",
                                "liba.so /lib/x86_64-linux-gnu/liba.so"});
  CHECK(content_of(result, kDir + "liba.so.1") == "liba.so.1.2");
  CHECK(content_of(result, kDir + "libold.so.1") == "libold.so.1.10");
  CHECK(content_of(result, kDir + "libb.so.3") == "(absent)");
}

TEST_CASE("configure: a library behind an alternative is listed") {
  auto root = sample();
  root.packages = {
      package("libblas3",
              {library_entry(kDir + "blas/libblas.so.3.11", "libblas.so.3"),
               link_entry(kDir + "blas/libblas.so.3", "libblas.so.3.11")},
              {{.name = "postinst",
                .content = "#!/bin/sh\nd=/usr/lib/x86_64-linux-gnu\nupdate-alternatives --install "
                           "$d/libblas.so.3 libblas.so.3-x $d/blas/libblas.so.3 10\n"}})};
  CHECK(listed(root.configured()) == Lines{"libblas.so.3 /lib/x86_64-linux-gnu/libblas.so.3"});
}

TEST_CASE("configure: what the base's cache lists stays, while it is there") {
  auto root = sample();
  root.add_file(kDir + "libz.so.1", "");
  root.add_file("opt/odd/libodd.so.1", "");
  root.add_file(
      "etc/ld.so.cache",
      write_ld_so_cache(
          {{.soname = "libz.so.1", .path = "/lib/x86_64-linux-gnu/libz.so.1", .flags = 0x0303},
           {.soname = "libgone.so.1", .path = "/lib/libgone.so.1"},
           {.soname = "libodd.so.1", .path = "/opt/odd/libodd.so.1"}}));
  root.packages = {package("liba", {library_entry(kDir + "libz.so.1", "libz.so.1")})};
  CHECK(listed(root.configured()) ==
        Lines{"libz.so.1 /lib/x86_64-linux-gnu/libz.so.1", "libodd.so.1 /opt/odd/libodd.so.1"});
  root.add_file("etc/ld.so.cache", "nonsense");
  const auto damaged = root.configured();
  REQUIRE_FALSE(damaged);
  CHECK(damaged.error().message() ==
        "etc/ld.so.cache is damaged: it does not begin as a cache does");
}
