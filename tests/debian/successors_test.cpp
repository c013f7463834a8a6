#include <cogbuild/debian/relation.hpp>
#include <cogbuild/debian/successors.hpp>

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

using namespace cogbuild;
using debian::find_successor;
using debian::SuccessorKind;
using debian::suggest;

namespace {

using Names = std::vector<std::string>;

const std::vector<std::string_view> kKnown = {"ffmpeg",
                                              "git",
                                              "libavcodec59",
                                              "libavcodec61",
                                              "libgl1",
                                              "libgl-dev",
                                              "libglib2.0-0t64",
                                              "libicu-dev",
                                              "libicu72",
                                              "libicu76",
                                              "libsndfile1",
                                              "libssl3t64",
                                              "openjdk-17-jre-headless",
                                              "openjdk-21-jre-headless",
                                              "python3",
                                              "python3-dev",
                                              "python3.13",
                                              "sox",
                                              "wget",
                                              "zip",
                                              "gzip",
                                              "unzip"};

}  // namespace

TEST_CASE("find_successor: the one name that half of all projects ask for") {
  const auto* found = find_successor("libgl1-mesa-glx");
  REQUIRE(found != nullptr);
  CHECK(found->successor == "libgl1");
  CHECK(found->kind == SuccessorKind::certain);
}

TEST_CASE("find_successor: each kind, and names of which nothing is known") {
  CHECK(find_successor("libatlas-base-dev")->kind == SuccessorKind::suggestion);
  CHECK(find_successor("libgconf-2-4")->kind == SuccessorKind::not_needed);
  CHECK(find_successor("cuda-toolkit-11-8")->kind == SuccessorKind::gone);
  CHECK(find_successor("python")->successor == "python-is-python3");
  CHECK(find_successor("python3") == nullptr);
  CHECK(find_successor("cuda") == nullptr);
  CHECK(find_successor("") == nullptr);
}

TEST_CASE("known_successors: names stand once, and have what their kind needs") {
  std::set<std::string_view> names;
  for (const auto& one : debian::known_successors()) {
    CAPTURE(one.name);
    CHECK(names.insert(one.name).second);
    CHECK(debian::is_package_name(one.name));
    CHECK_FALSE(one.advice.empty());
    const bool has_successor =
        one.kind == SuccessorKind::certain || one.kind == SuccessorKind::suggestion;
    CHECK(one.successor.empty() != has_successor);
    // What a name is replaced by must not need replacing.
    if (has_successor) CHECK(find_successor(one.successor) == nullptr);
  }
}

TEST_CASE("suggest: t64 first, then other numbers, then letters") {
  CHECK(suggest("libglib2.0-0", kKnown) == Names{"libglib2.0-0t64"});
  CHECK(suggest("libicu67", kKnown) == Names{"libicu76", "libicu72"});
  CHECK(suggest("libavcodec58", kKnown) == Names{"libavcodec61", "libavcodec59"});
  CHECK(suggest("libssl1.1", kKnown) == Names{"libssl3t64"});
  CHECK(suggest("openjdk-11-jre-headless", kKnown) ==
        Names{"openjdk-21-jre-headless", "openjdk-17-jre-headless"});
  CHECK(suggest("libsndfile", kKnown) == Names{"libsndfile1"});
  CHECK(suggest("ffmepg", kKnown) == Names{"ffmpeg"});
  CHECK(suggest("libsdnfiel1", kKnown) == Names{"libsndfile1"});
  CHECK(suggest("libgl1t64", kKnown) == Names{"libgl1"});
}

TEST_CASE("suggest: nothing far, not itself, no more than asked for") {
  CHECK(suggest("git", kKnown).empty());
  CHECK(suggest("tig", kKnown).empty());
  CHECK(suggest("", kKnown).empty());
  CHECK(suggest("no-such-package-anywhere", kKnown).empty());
  CHECK(suggest("uzip", kKnown) == Names{"gzip", "unzip", "zip"});
  CHECK(suggest("uzip", kKnown, 1) == Names{"gzip"});
  CHECK(suggest(std::string(5000, 'a'), kKnown).empty());
  const std::vector<std::string_view> twice = {"wget", "wget"};
  CHECK(suggest("wgett", twice) == Names{"wget"});
}
