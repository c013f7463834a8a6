#include <cogbuild/python/tag.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace cogbuild;
using python::Libc;
using python::TagList;
using python::Target;
using python::Version;
using python::WheelName;

namespace {

Target target(const std::string& python_version, const std::string& libc,
              const std::string& architecture = "x86_64") {
  return {.python = *Version::parse(python_version),
          .architecture = architecture,
          .libc = Libc::parse(libc).value()};
}

std::optional<std::size_t> rank(const TagList& tags, const std::string& tag) {
  return tags.rank(WheelName::parse("x-1-" + tag + ".whl").value());
}

}  // namespace

TEST_CASE("TagList: the check values of a common target") {
  const auto debian = target("3.11.2", "glibc 2.36");
  const auto tags = TagList::of(debian);
  CHECK(python::platform_tags(debian).size() == 36);
  CHECK(tags.tags().size() == 914);
  CHECK(rank(tags, "cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64") == 19);
  CHECK(rank(tags, "cp37-abi3-manylinux_2_28_x86_64") == 224);
  CHECK(rank(tags, "py3-none-manylinux2014_x86_64") == 488);
  CHECK(rank(tags, "cp311-none-any") == 900);
  CHECK(rank(tags, "py3-none-any") == 902);
  CHECK(rank(tags, "py2.py3-none-any") == 902);
  CHECK(!rank(tags, "cp311-cp311-manylinux_2_39_x86_64"));
  CHECK(!rank(tags, "cp312-cp312-manylinux_2_17_x86_64"));
  CHECK(!rank(tags, "cp311-cp311-manylinux_2_17_aarch64"));
  CHECK(!rank(tags, "cp311-cp311-win_amd64"));
  CHECK(to_string(tags.tags().front()) == "cp311-cp311-manylinux_2_36_x86_64");
  CHECK(to_string(tags.tags().back()) == "py30-none-any");
}

TEST_CASE("TagList: counts for other targets") {
  CHECK(python::platform_tags(target("3.11", "glibc 2.36", "aarch64")).size() == 22);
  CHECK(TagList::of(target("3.11", "glibc 2.36", "aarch64")).tags().size() == 564);
  CHECK(TagList::of(target("3.12", "glibc 2.17")).tags().size() == 474);
}

TEST_CASE("platform_tags: aliases follow their number, and linux comes last") {
  const auto platforms = python::platform_tags(target("3.11", "glibc 2.17", "aarch64"));
  CHECK(platforms == std::vector<std::string>{"manylinux_2_17_aarch64", "manylinux2014_aarch64",
                                              "linux_aarch64"});
  const auto old = python::platform_tags(target("3.11", "glibc 2.5"));
  CHECK(old ==
        std::vector<std::string>{"manylinux_2_5_x86_64", "manylinux1_x86_64", "linux_x86_64"});
  CHECK(python::platform_tags(target("3.11", "glibc 2.3")) ==
        std::vector<std::string>{"linux_x86_64"});
}

TEST_CASE("TagList: musl never accepts manylinux") {
  const auto alpine = target("3.11", "musl 1.2");
  CHECK(python::platform_tags(alpine) ==
        std::vector<std::string>{"musllinux_1_2_x86_64", "musllinux_1_1_x86_64",
                                 "musllinux_1_0_x86_64", "linux_x86_64"});
  CHECK(!rank(TagList::of(alpine), "cp311-cp311-manylinux_2_17_x86_64"));
  CHECK(rank(TagList::of(alpine), "cp311-cp311-musllinux_1_1_x86_64") == 1);
}

TEST_CASE("TagList: a free-threaded build takes neither plain nor abi3 wheels") {
  auto free_threaded = target("3.13", "glibc 2.36");
  free_threaded.free_threaded = true;
  const auto tags = TagList::of(free_threaded);
  CHECK(rank(tags, "cp313-cp313t-manylinux_2_36_x86_64") == 0);
  CHECK(!rank(tags, "cp313-cp313-manylinux_2_36_x86_64"));
  CHECK(!rank(tags, "cp37-abi3-manylinux_2_36_x86_64"));
  CHECK(rank(tags, "cp313-abi3t-manylinux_2_36_x86_64"));
  CHECK(rank(tags, "py3-none-any"));
}

TEST_CASE("Libc: parse and print") {
  CHECK(to_string(Libc::parse("glibc 2.36").value()) == "glibc 2.36");
  CHECK(to_string(Libc::parse("musl 1.2.5").value()) == "musl 1.2");
  for (const std::string text :
       {"", "glibc", "glibc 2", "glibc 2.", "uclibc 1.0", "glibc 2.x", "glibc 2.99999"}) {
    CHECK(!Libc::parse(text));
  }
}

TEST_CASE("describe: the target in words") {
  CHECK(describe(target("3.11.2", "glibc 2.36")) == "CPython 3.11 on linux x86_64, glibc 2.36");
}
