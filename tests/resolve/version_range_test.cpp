#include "../../src/resolve/version_range.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace cogbuild;

TEST_CASE("versions_within: says what testing each version would say") {
  std::vector<python::Version> versions;
  for (const char* release :
       {"0", "0.9", "1", "1.0.1", "1.1", "1.2", "1.2.3", "1.10", "2", "2.0.1", "2!0.1", "2!1.2"}) {
    for (const char* suffix : {".dev1", "a1.dev2", "a1", "b2.post1", "rc1", "", "+abc", "+cu118",
                               "+5", ".post1.dev1", ".post1", ".post1+x", ".post2"})
      versions.push_back(python::Version::parse(std::string(release) + suffix).value());
  }
  std::sort(versions.begin(), versions.end());
  std::vector<std::string> texts;
  for (const char* op : {"==", "!=", "<", "<=", ">", ">=", "~=", "==="}) {
    const std::string operation(op);
    for (const auto& version : versions) {
      const bool has_local = !version.local().empty();
      if (has_local && operation != "==" && operation != "!=" && operation != "===") continue;
      if (operation == "~=" && version.release().size() < 2) continue;
      texts.push_back(operation + to_string(version));
    }
    if (operation == "==" || operation == "!=")
      for (const char* prefix : {"0.*", "1.*", "1.0.*", "1.2.*", "1.2.3.*", "3.*", "2!1.*", "01.*"})
        texts.push_back(operation + prefix);
  }
  texts.push_back(">=1,<2,!=1.2.*");
  texts.push_back("~=1.2.0,!=1.2.3");
  texts.push_back("");
  for (const auto& text : texts) {
    const auto specifiers = python::SpecifierSet::parse(text).value();
    const auto set = resolve::versions_within(versions, specifiers);
    CHECK_FALSE(set.allows_absence());
    for (std::size_t n = 0; n < versions.size(); ++n) {
      const bool expected = specifiers.contains(versions[n]);
      if (set.contains(static_cast<pubgrub::Position>(n)) != expected)
        FAIL_CHECK(text << " and " << to_string(versions[n]) << ": expected " << expected);
    }
  }
}
