#include <cogbuild/debian/version.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

using namespace cogbuild;
using debian::compare_versions;
using debian::Version;

namespace {

std::string problem(const std::string& text) {
  const auto parsed = Version::parse(text);
  return parsed ? "" : parsed.error().message();
}

}  // namespace

TEST_CASE("compare_versions: a chain, each smaller than the next") {
  const std::vector<std::string> chain = {"0~",
                                          "0",
                                          "0.1~~",
                                          "0.1~~a",
                                          "0.1~",
                                          "0.1",
                                          "0.1a",
                                          "0.1+b1",
                                          "0.1.1",
                                          "0.9",
                                          "0.10",
                                          "1a",
                                          "1a1",
                                          "1b",
                                          "1.0~rc1-1",
                                          "1.0~rc2-1",
                                          "1.0-1~bpo1",
                                          "1.0-1",
                                          "1.0-1a",
                                          "1.0-1+b1",
                                          "1.0-1.1",
                                          "1.0-2",
                                          "1.0-10",
                                          "1.0a-1",
                                          "1.0+dfsg-1",
                                          "1.0.1-1",
                                          "2",
                                          "20240101",
                                          "99999999999999999999998",
                                          "99999999999999999999999",
                                          "1:0",
                                          "1:0.1",
                                          "2:0~",
                                          "10:0"};
  for (std::size_t i = 0; i < chain.size(); ++i) {
    for (std::size_t k = 0; k < chain.size(); ++k) {
      CAPTURE(chain[i]);
      CAPTURE(chain[k]);
      CHECK((compare_versions(chain[i], chain[k]) == (i <=> k)));
    }
  }
}

TEST_CASE("compare_versions: these are the same version, however they are written") {
  const std::vector<std::pair<std::string, std::string>> pairs = {
      {"1.0", "1.0-0"},   {"1.0", "0:1.0"},     {"1.0", "00:1.00"}, {"1.0-1", "1.0-01"},
      {"1.a", "1.a0"},    {"1.", "1.0"},        {"2~", "2~0"},      {"001", "1"},
      {"1.0-0", "0:1.0"}, {"1-0.0", "1-0.000"},
  };
  for (const auto& pair : pairs) {
    const auto& a = pair.first;
    const auto& b = pair.second;
    CAPTURE(a);
    CAPTURE(b);
    CHECK(compare_versions(a, b) == 0);
    CHECK(compare_versions(b, a) == 0);
    CHECK(*Version::parse(a) == *Version::parse(b));
  }
}

TEST_CASE("Version: the last dash splits, the first colon ends the epoch") {
  const Version version = Version::parse("2:1.2-rc-3:4-5+b1").value();
  CHECK(version.epoch() == 2);
  CHECK(version.upstream() == "1.2-rc-3:4");
  CHECK(version.revision() == "5+b1");
  CHECK(Version::parse("1.0")->revision().empty());
  CHECK(Version::parse("1.0")->upstream() == "1.0");
  CHECK(Version::parse("1.0")->epoch() == 0);
}

TEST_CASE("Version: printed as it was written") {
  for (const std::string text : {"1.0", "0:1.0", "00:1.00-0", "1:2.36-9+deb12u14", "1.0~rc1"})
    CHECK(to_string(*Version::parse(text)) == text);
  CHECK(to_string(*Version::parse(" 1.0-1\n")) == "1.0-1");
  CHECK(to_string(Version{}) == "0");
  CHECK(Version{}.upstream() == "0");
}

TEST_CASE("Version: what is wrong is said") {
  CHECK(problem("") == "`` is not a Debian version: it is empty");
  CHECK(problem(":1") == "`:1` is not a Debian version: the epoch is empty");
  CHECK(problem("a:1") == "`a:1` is not a Debian version: the epoch is not a number");
  CHECK(problem("-1:1") == "`-1:1` is not a Debian version: the epoch is not a number");
  CHECK(problem("2147483648:1") ==
        "`2147483648:1` is not a Debian version: the epoch is too large");
  CHECK(problem("99999999999999999999999:1") ==
        "`99999999999999999999999:1` is not a Debian version: the epoch is too large");
  CHECK(problem("2147483647:1") == "");
  CHECK(problem("1:") == "`1:` is not a Debian version: the upstream version is empty");
  CHECK(problem("-1") == "`-1` is not a Debian version: the upstream version is empty");
  CHECK(problem("1-") == "`1-` is not a Debian version: the revision is empty");
  CHECK(problem("1_2") == "`1_2` is not a Debian version: letters, digits and `.+-~` are allowed");
  CHECK(problem("1 2") == "`1 2` is not a Debian version: letters, digits and `.+-~` are allowed");
  CHECK(problem("1/../2") ==
        "`1/../2` is not a Debian version: letters, digits and `.+-~` are allowed");
  CHECK(problem("1-2:3") == "`1-2:3` is not a Debian version: the epoch is not a number");
  CHECK(problem("1:2-3:4") ==
        "`1:2-3:4` is not a Debian version: letters, digits and `.+~` are allowed in a revision");
  CHECK(problem("1\x1b[2J") ==
        "`1?[2J` is not a Debian version: letters, digits and `.+-~` are allowed");
  CHECK(problem(std::string(2000, '1')).ends_with("is not a Debian version: it is too long"));
}
