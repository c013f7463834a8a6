#include <cogbuild/debian/package.hpp>

#include <doctest/doctest.h>

#include <string>
#include <utility>

using namespace cogbuild;
using debian::MultiArch;
using debian::Package;
using debian::PackageList;
using debian::parse_packages;
using debian::parse_status;
using debian::Priority;
using debian::StatusFile;

namespace {

constexpr const char* kDigest = "5b72d419dc0fdaaf3765268e9b5edba6f545cd63f926d3c4d807fc3e33b86cdd";

// A stanza with what is needed and these lines besides.
std::string stanza(const std::string& more, const std::string& name = "a") {
  return "Package: " + name +
         "\nVersion: 1-2\nArchitecture: amd64\nFilename: pool/a.deb\nSize: 10\nSHA256: " + kDigest +
         "\n" + more + "\n";
}

PackageList packages(std::string text) {
  auto parsed = parse_packages(std::move(text), "Packages");
  REQUIRE_MESSAGE(parsed, (parsed ? "" : render(parsed.error())));
  return *std::move(parsed);
}

std::string problem(std::string text) {
  const auto parsed = parse_packages(std::move(text), "Packages");
  return parsed ? "" : render(parsed.error());
}

PackageList status(std::string text, StatusFile form = StatusFile::dpkg) {
  auto parsed = parse_status(std::move(text), "status", form);
  REQUIRE_MESSAGE(parsed, (parsed ? "" : render(parsed.error())));
  return *std::move(parsed);
}

}  // namespace

TEST_CASE("parse_packages: every field that counts") {
  const PackageList list = packages(
      "Package: libssl3\nSource: openssl (3.0.11-1~deb12u2)\nVersion: 1:3.0.11-1~deb12u2+b1\n"
      "Installed-Size: 6019\nMaintainer: somebody\nArchitecture: amd64\nMulti-Arch: same\n"
      "Essential: no\nImportant: yes\nPriority: optional\nSection: libs\n"
      "Pre-Depends: dpkg (>= 1)\nDepends: libc6 (>= 2.34),\n debconf | cdebconf\n"
      "Provides: virt (= 1)\nConflicts: c\nBreaks: b (<< 2)\nReplaces: r\n"
      "Description: long\n and longer\nFilename: ./pool/main/o/libssl3_3.deb\n"
      "Size: 2017000\nSHA256: " +
      std::string(kDigest) + "\n");
  REQUIRE(list.size() == 1);
  const Package& package = list[0];
  CHECK(package.name == "libssl3");
  CHECK(package.version == "1:3.0.11-1~deb12u2+b1");
  CHECK(package.architecture == "amd64");
  CHECK(package.section == "libs");
  CHECK(package.source == "openssl");
  CHECK(package.source_version == "3.0.11-1~deb12u2");
  CHECK(package.pre_depends == "dpkg (>= 1)");
  CHECK(package.depends == "libc6 (>= 2.34),\n debconf | cdebconf");
  CHECK(package.provides == "virt (= 1)");
  CHECK(package.conflicts == "c");
  CHECK(package.breaks == "b (<< 2)");
  CHECK(package.replaces == "r");
  CHECK(package.file_name == "pool/main/o/libssl3_3.deb");
  CHECK(package.size_bytes == 2017000);
  CHECK(package.installed_size_bytes == 6019 * 1024);
  CHECK(package.sha256.hex() == kDigest);
  CHECK(package.multi_arch == MultiArch::same);
  CHECK(package.priority == Priority::optional);
  CHECK_FALSE(package.essential);
  CHECK(package.is_protected);
  CHECK_FALSE(package.held);
  CHECK(package.stanza.starts_with("Package: libssl3\n"));
  CHECK(package.stanza.ends_with("\n"));
}

TEST_CASE("parse_packages: what is not said has its default") {
  const PackageList list = packages(stanza("") + stanza("Source: src", "b"));
  REQUIRE(list.size() == 2);
  CHECK(list[0].source == "a");
  CHECK(list[0].source_version == "1-2");
  CHECK(list[0].multi_arch == MultiArch::no);
  CHECK(list[0].priority == Priority::unknown);
  CHECK(list[0].depends.empty());
  CHECK(list[0].installed_size_bytes == 0);
  CHECK(list[1].name == "b");
  CHECK(list[1].source == "src");
  CHECK(list[1].source_version == "1-2");
  CHECK(packages("").empty());
  CHECK(PackageList{}.empty());
}

TEST_CASE("PackageList: copies and moves keep the views alive") {
  PackageList first = packages(
      "Package: a\nVersion: 1\nArchitecture: all\nFilename: f\nSize: 1\n"
      "SHA256: " +
      std::string(kDigest));
  const PackageList copy = first;
  const PackageList moved = std::move(first);
  first = PackageList{};
  CHECK(copy[0].name == "a");
  CHECK(moved[0].name.data() == copy[0].name.data());
}

TEST_CASE("parse_packages: values of enums and flags") {
  CHECK(packages(stanza("Multi-Arch: foreign"))[0].multi_arch == MultiArch::foreign);
  CHECK(packages(stanza("multi-arch: allowed"))[0].multi_arch == MultiArch::allowed);
  CHECK(packages(stanza("Priority: required"))[0].priority == Priority::required);
  CHECK(packages(stanza("Priority: of-its-own"))[0].priority == Priority::unknown);
  CHECK(packages(stanza("Essential: yes"))[0].essential);
  CHECK(packages(stanza("Protected: yes"))[0].is_protected);
  CHECK(problem(stanza("Multi-Arch: maybe")) ==
        "Packages:7: error: Multi-Arch of `a` is not `no`, `same`, `foreign` or `allowed`: "
        "`maybe`\n");
  CHECK(problem(stanza("Essential: 1")) ==
        "Packages:7: error: Essential of `a` is not `yes` or `no`: `1`\n");
  CHECK(to_string(MultiArch::foreign) == "foreign");
  CHECK(to_string(Priority::required) == "required");
}

TEST_CASE("parse_packages: file names stay inside the archive") {
  const auto named = [](const std::string& path) {
    return "Package: a\nVersion: 1\nArchitecture: all\nSize: 1\nSHA256: " + std::string(kDigest) +
           "\nFilename: " + path + "\n";
  };
  CHECK(packages(named("a.deb"))[0].file_name == "a.deb");
  CHECK(packages(named("././a.deb"))[0].file_name == "a.deb");
  for (const std::string path : {"/etc/passwd", "../a", "a/../b", "a/..", "a//b", "a/", "..", ".",
                                 "./", "a/./b", "a\\b", "a\tb", "", ".//etc"}) {
    CHECK(problem(named(path)) ==
          "Packages:6: error: Filename of `a` is not a path inside the archive: `" +
              (path == "a\tb" ? "a?b" : path) + "`\n");
  }
}

TEST_CASE("parse_packages: what is missing or wrong is named with its line") {
  CHECK(problem("Package: a\n") == "Packages:1: error: `a` has no field `Version`\n");
  CHECK(problem("\nVersion: 1\n") == "Packages:2: error: a package has no field `Package`\n");
  CHECK(problem("Package: a\nVersion: 1\nArchitecture: all\nFilename: f\nSize: 1\n") ==
        "Packages:1: error: `a` has no SHA256 in the index\n"
        "hint: an archive must list SHA-256 digests; older ones are not secure\n");
  CHECK(problem("Package: ../a\n") ==
        "Packages:1: error: Package of `../a` is not a package name: `../a`\n");
  CHECK(problem("Package: a\nVersion: x/y\n") ==
        "Packages:2: error: Version of `a`: `x/y` is not a Debian version: letters, digits and "
        "`.+-~` are allowed\n");
  CHECK(problem("Package: a\nArchitecture: amd64 i386\n") ==
        "Packages:2: error: Architecture of `a` is not an architecture: `amd64 i386`\n");
  CHECK(problem("Package: a\nSize: -1\n") ==
        "Packages:2: error: Size of `a` is not a number of bytes: `-1`\n");
  CHECK(problem("Package: a\nSize: 99999999999999999999\n") ==
        "Packages:2: error: Size of `a` is not a number of bytes: `99999999999999999999`\n");
  CHECK(problem("Package: a\nInstalled-Size: 18446744073709551615\n") ==
        "Packages:2: error: Installed-Size of `a` is not a number of KiB: "
        "`18446744073709551615`\n");
  CHECK(problem("Package: a\nSHA256: 12\n") ==
        "Packages:2: error: SHA256 of `a` is not a SHA-256 digest: `12`\n");
  CHECK(problem("Package: a\nSource: b (1\n") ==
        "Packages:2: error: Source of `a` is not a source package: `b (1`\n");
  CHECK(problem("Package: a\npackage: b\n") ==
        "Packages:2: error: the field `package` is given twice\n");
}

TEST_CASE("parse_status: only what is installed, held back or not") {
  const auto one = [](const std::string& name, const std::string& state) {
    return "Package: " + name + "\nStatus: " + state + "\nVersion: 1\nArchitecture: amd64\n\n";
  };
  const PackageList list =
      status(one("a", "install ok installed") + one("b", "deinstall ok config-files") +
             one("c", "hold ok installed") + one("d", "install ok half-installed") +
             one("e", "install ok triggers-pending") + one("f", "install reinstreq installed") +
             one("g", "install ok unpacked") + "Package: h\nVersion: 1\nArchitecture: all\n\n" +
             "Package: i\nStatus: unknown ok not-installed\nPriority: extra\nVersion:\n");
  REQUIRE(list.size() == 3);
  CHECK(list[0].name == "a");
  CHECK_FALSE(list[0].held);
  CHECK(list[1].name == "c");
  CHECK(list[1].held);
  CHECK(list[2].name == "e");
  CHECK(list[0].file_name.empty());
}

TEST_CASE("parse_status: a file of status.d needs no Status") {
  const std::string text = "Package: libc6\nVersion: 2.36-9\nArchitecture: amd64\n";
  CHECK(status(text).empty());
  REQUIRE(status(text, StatusFile::one_each).size() == 1);
  CHECK(status(text, StatusFile::one_each)[0].name == "libc6");
  CHECK(status("Status: deinstall ok config-files\n" + text, StatusFile::one_each).empty());
}

TEST_CASE("parse_status: an installed package has a version") {
  const auto parsed = parse_status(
      "Package: a\nStatus: install ok installed\nVersion:\nArchitecture: all\n", "status");
  REQUIRE_FALSE(parsed);
  CHECK(render(parsed.error()) == "status:1: error: `a` has no field `Version`\n");
}
