#include <cogbuild/python/version.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace cogbuild;
using python::Version;

namespace {

Version version(const std::string& text) {
  const auto parsed = Version::parse(text);
  REQUIRE_MESSAGE(parsed, text);
  return *parsed;
}

}  // namespace

TEST_CASE("Version: the ordering chain of PEP 440") {
  const std::vector<std::string> chain = {"1.dev0",
                                          "1.0a1.dev1",
                                          "1.0a1",
                                          "1.0a1.post1.dev1",
                                          "1.0a1.post1",
                                          "1.0b1.dev4",
                                          "1.0b2",
                                          "1.0rc1",
                                          "1.0",
                                          "1.0+abc",
                                          "1.0+5",
                                          "1.0+5.1",
                                          "1.0.post1.dev2",
                                          "1.0.post1",
                                          "1.0.post1+x",
                                          "1.0.1",
                                          "1.1.dev1",
                                          "1.10",
                                          "2",
                                          "2013.10",
                                          "1!0.1"};
  for (std::size_t i = 0; i < chain.size(); ++i) {
    for (std::size_t k = 0; k < chain.size(); ++k) {
      CAPTURE(chain[i]);
      CAPTURE(chain[k]);
      CHECK((version(chain[i]) <=> version(chain[k])) == (i <=> k));
    }
  }
}

TEST_CASE("Version: local labels of one torch order by text, then by number") {
  const std::vector<std::string> chain = {
      "2.1.0",         "2.1.0+cpu", "2.1.0+cu118", "2.1.0+cu121",
      "2.1.0+rocm6.0", "2.1.0+xpu", "2.1.0+9",     "2.1.0+20240102030405060708091011"};
  for (std::size_t i = 1; i < chain.size(); ++i) CHECK(version(chain[i - 1]) < version(chain[i]));
}

TEST_CASE("Version: trailing zeros do not matter to order but are kept in print") {
  CHECK(version("1.0") == version("1.0.0"));
  CHECK(to_string(version("1.0.0")) == "1.0.0");
}

TEST_CASE("Version: every accepted spelling prints canonically") {
  struct Row {
    std::string text{};
    std::string canonical{};
  };
  const std::vector<Row> rows = {
      {" v1.0 ", "1.0"},
      {"V1.0", "1.0"},
      {"\u202f1.0\t\u2029\n ", "1.0"},
      {"\u00a0\u30001.0+a\u0085", "1.0+a"},
      {"1.0.ALPHA-1", "1.0a1"},
      {"1.0_beta.2", "1.0b2"},
      {"1.0c3", "1.0rc3"},
      {"1.0pre", "1.0rc0"},
      {"1.0-preview-4", "1.0rc4"},
      {"1.0a", "1.0a0"},
      {"1.0-1", "1.0.post1"},
      {"1.0rev5", "1.0.post5"},
      {"1.0.r5", "1.0.post5"},
      {"1.0post", "1.0.post0"},
      {"1.0_post_3", "1.0.post3"},
      {"1.0dev", "1.0.dev0"},
      {"1.0-DEV7", "1.0.dev7"},
      {"001.002", "1.2"},
      {"0!1", "1"},
      {"01!1", "1!1"},
      {"1.0+UBUNTU-1_2", "1.0+ubuntu.1.2"},
      {"1.0+007", "1.0+7"},
      {"1.0+0", "1.0+0"},
      {"1.0a1.post2.dev3+l", "1.0a1.post2.dev3+l"},
      {"1.0a1-2", "1.0a1.post2"},
      {"2024.01.02", "2024.1.2"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(to_string(version(row.text)) == row.canonical);
    CHECK(to_string(version(row.canonical)) == row.canonical);
  }
}

TEST_CASE("Version: what is no version is refused whole") {
  for (const std::string text : {"",
                                 " ",
                                 "french toast",
                                 "1.",
                                 ".1",
                                 "1..2",
                                 "1.0a1a2",
                                 "1.0+",
                                 "1.0+a+b",
                                 "1.0+_a",
                                 "1.0+a.",
                                 "1.0.dev1.post1",
                                 "1.0post1a1",
                                 "1.0--1",
                                 "1.0 .1",
                                 "1.0\u00a0.1",
                                 "\u00a0",
                                 "\xc2",
                                 "1!2!3",
                                 "!1",
                                 "1!",
                                 "-1",
                                 "+1",
                                 "1.0.x",
                                 "99999999999999999999",
                                 "1.0.post99999999999999999999",
                                 "1.0\x01"}) {
    CAPTURE(text);
    const auto parsed = Version::parse(text);
    REQUIRE(!parsed);
    CHECK(parsed.error().message() == "`" + text + "` is not a valid version");
    CHECK(parsed.error().kind() == ErrorKind::config);
  }
  CHECK(!Version::parse(std::string(2000, '1')));
}

TEST_CASE("Version: a pre-release is a, b, rc or dev") {
  CHECK(version("1.0a1").is_prerelease());
  CHECK(version("1.0.dev1").is_prerelease());
  CHECK(version("1.0.post1.dev1").is_prerelease());
  CHECK(!version("1.0.post1").is_prerelease());
  CHECK(!version("1.0+dev").is_prerelease());
}

TEST_CASE("Version: base and without_local cut the suffixes") {
  CHECK(to_string(version("1!2.3rc1.post1+x").base()) == "1!2.3");
  CHECK(to_string(version("1!2.3rc1.post1+x").without_local()) == "1!2.3rc1.post1");
}
