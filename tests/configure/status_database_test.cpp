#include "sample_root.hpp"

#include <doctest/doctest.h>

using namespace cogbuild::configure;

TEST_CASE("configure: status has the base's stanzas and the new ones, by name") {
  SampleRoot root;
  root.add_file("var/lib/dpkg/status",
                "Package: zlib\nStatus: install ok installed\nArchitecture: amd64\nVersion: 3\n\n"
                "Package: b\nStatus: install ok installed\nArchitecture: all\nVersion: 0\n");
  root.packages = {package("b"), package("a", {{.path = "etc/a.conf"}})};
  root.packages[1].conffiles = {{.name = "etc/a.conf", .content = "0123"}};
  const auto result = root.configured();
  CHECK(content_of(result, "var/lib/dpkg/status") ==
        "Package: a\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\n"
        "Description: one\nConffiles:\n /etc/a.conf 0123\n\n"
        "Package: b\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\n"
        "Description: one\n\n"
        "Package: zlib\nStatus: install ok installed\nArchitecture: amd64\nVersion: 3\n\n");
  CHECK(content_of(result, "var/lib/dpkg/info/format") == "1\n");
}

TEST_CASE("configure: a root with status.d alone gets a file for each package") {
  SampleRoot root;
  root.add_file("var/lib/dpkg/status.d/YQ", "Package: a\nVersion: 0\n");
  root.packages = {package("a"), package("b", {}, {{.name = "md5sums", .content = "0  x\n"}})};
  const auto result = root.configured();
  CHECK(content_of(result, "var/lib/dpkg/status") == "(absent)");
  CHECK(content_of(result, "var/lib/dpkg/status.d/YQ").starts_with("Package: a\nStatus: "));
  CHECK(content_of(result, "var/lib/dpkg/status.d/b").starts_with("Package: b\nStatus: "));
  CHECK(content_of(result, "var/lib/dpkg/status.d/b.md5sums") == "0  x\n");
}

TEST_CASE("configure: interests in triggers join those of the base") {
  SampleRoot root;
  root.add_file("var/lib/dpkg/triggers/ldconfig", "libc-bin\n");
  root.tree.set("var/lib/dpkg/triggers/kept", {});
  root.packages = {package("a", {},
                           {{.name = "triggers",
                             .content = "interest-noawait /usr/share/x\ninterest ldconfig\n"
                                        "activate ldconfig\ninterest kept\ninterest ../up\n"}})};
  const auto result = root.configured();
  CHECK(content_of(result, "var/lib/dpkg/triggers/File") == "/usr/share/x a/noawait\n");
  CHECK(content_of(result, "var/lib/dpkg/triggers/ldconfig") == "a\nlibc-bin\n");
  CHECK(content_of(result, "var/lib/dpkg/triggers/kept") == "(absent)");
  CHECK(find_file(*result, "var/lib/dpkg/triggers/../up") == nullptr);
}

TEST_CASE("configure: a damaged status is an error") {
  SampleRoot root;
  root.add_file("var/lib/dpkg/status", "Package a\n");
  const auto result = root.configured();
  REQUIRE_FALSE(result);
  CHECK(result.error().message() == "`Package a` is not a field: it has no colon");
}

TEST_CASE("configure: the state of a package is ours to say, whatever its control file says") {
  SampleRoot root;
  root.packages = {package("a")};
  root.packages[0].stanza =
      "PACKAGE: a\nstatus: deinstall ok config-files\nConffiles:\n /etc/passwd 0\nVersion: 1\n";
  CHECK(content_of(root.configured(), "var/lib/dpkg/status") ==
        "PACKAGE: a\nStatus: install ok installed\nVersion: 1\n\n");
}

TEST_CASE("configure: a trigger is no other file than one of its own name") {
  SampleRoot root;
  root.packages = {package("a", {},
                           {{.name = "triggers",
                             .content = "interest ..\ninterest .\ninterest File\ninterest Lock\n"
                                        "interest Unincorp\ninterest a\x01\ninterest fine\n"}})};
  const auto result = root.configured();
  REQUIRE(result);
  std::vector<std::string> found;
  for (const auto& file : result->files)
    if (file.path.starts_with("var/lib/dpkg/triggers/")) found.push_back(file.path);
  CHECK(found == std::vector<std::string>{"var/lib/dpkg/triggers/fine"});
  CHECK(result->warnings.empty());
}
