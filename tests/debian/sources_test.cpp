#include <cogbuild/debian/sources.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace cogbuild;
using debian::parse_deb822_sources;
using debian::parse_sources_list;
using debian::Source;

namespace {

using Words = std::vector<std::string>;

const std::string kFingerprint = "0123456789ABCDEF0123456789ABCDEF01234567";

std::vector<Source> one_line(std::string_view text) {
  auto parsed = parse_sources_list(text, "sources.list");
  REQUIRE_MESSAGE(parsed, (parsed ? "" : render(parsed.error())));
  return *std::move(parsed);
}

std::vector<Source> deb822(std::string_view text) {
  auto parsed = parse_deb822_sources(text, "debian.sources");
  REQUIRE_MESSAGE(parsed, (parsed ? "" : render(parsed.error())));
  return *std::move(parsed);
}

std::string one_line_problem(std::string_view text) {
  const auto parsed = parse_sources_list(text, "sources.list");
  return parsed ? "" : render(parsed.error());
}

std::string deb822_problem(std::string_view text) {
  const auto parsed = parse_deb822_sources(text, "debian.sources");
  return parsed ? "" : render(parsed.error());
}

Words printed(const std::vector<Source>& sources) {
  Words all;
  for (const Source& source : sources) all.push_back(to_string(source));
  return all;
}

}  // namespace

TEST_CASE("parse_sources_list: lines of deb, whatever stands around them") {
  const auto sources = one_line(
      "# a comment\n\n"
      "deb http://mirror.example/debian bookworm main contrib # more\n"
      "deb-src http://mirror.example/debian bookworm main\n"
      "  deb\thttps://mirror.example/debian-security   bookworm-security main\r\n"
      "#deb http://mirror.example/debian sid main\n"
      "deb file:/srv/archive ./\n"
      "deb file:///srv/archive dists/x/");
  CHECK(printed(sources) == Words{"http://mirror.example/debian bookworm main contrib",
                                  "https://mirror.example/debian-security bookworm-security main",
                                  "file:///srv/archive ./", "file:///srv/archive dists/x/"});
  REQUIRE(sources.size() == 4);
  CHECK(sources[0].components == Words{"main", "contrib"});
  CHECK(sources[0].line == 3);
  CHECK(sources[0].file == "sources.list");
  CHECK_FALSE(sources[0].is_flat());
  CHECK(sources[2].is_flat());
  CHECK(sources[2].line == 7);
  CHECK(sources[0].enabled);
  CHECK_FALSE(sources[0].trusted);
  CHECK(sources[0].signed_by.empty());
}

TEST_CASE("parse_sources_list: options in brackets") {
  const auto sources =
      one_line("deb [ arch=amd64,arm64 signed-by=/usr/share/keyrings/a.gpg," + kFingerprint +
               "! trusted=yes by-hash=force check-valid-until=no lang=en "
               "arch-=i386 ] http://mirror.example/d s main");
  REQUIRE(sources.size() == 1);
  CHECK(sources[0].architectures == Words{"amd64", "arm64"});
  CHECK(sources[0].excluded_architectures == Words{"i386"});
  CHECK(sources[0].signed_by.keyrings == Words{"/usr/share/keyrings/a.gpg"});
  CHECK(sources[0].signed_by.fingerprints == Words{kFingerprint + "!"});
  CHECK(sources[0].trusted);
  CHECK(sources[0].by_hash == true);
  CHECK(sources[0].check_valid_until == false);
  CHECK(one_line("deb [by-hash=no] http://mirror.example/d s main")[0].by_hash == false);
  CHECK_FALSE(one_line("deb [by-hash=yes] http://mirror.example/d s main")[0].by_hash);
  CHECK(one_line("deb [arch+=i386] http://mirror.example/d s main")[0].architectures.empty());
}

TEST_CASE("Source: serves the architectures that it lists") {
  Source source;
  CHECK(source.serves("amd64"));
  source.excluded_architectures = {"i386"};
  CHECK(source.serves("amd64"));
  CHECK_FALSE(source.serves("i386"));
  source.architectures = {"arm64"};
  CHECK(source.serves("arm64"));
  CHECK_FALSE(source.serves("amd64"));
}

TEST_CASE("parse_sources_list: what is wrong is named with its line") {
  CHECK(one_line_problem("\nrpm http://mirror.example/d s main") ==
        "sources.list:2: error: `rpm` is not a type of source, only `deb` and `deb-src` are\n");
  CHECK(one_line_problem("deb") == "sources.list:1: error: the URI of a source must be absolute\n");
  CHECK(one_line_problem("deb http://mirror.example/d") ==
        "sources.list:1: error: the source has no suite\n");
  CHECK(one_line_problem("deb http://mirror.example/d s") ==
        "sources.list:1: error: the suite `s` has no components\n");
  CHECK(one_line_problem("deb http://mirror.example/d ./ main") ==
        "sources.list:1: error: `./` ends in a slash (a flat archive), so it cannot have "
        "components\n");
  CHECK(one_line_problem("deb http://mirror.example/d ../s main") ==
        "sources.list:1: error: `../s` is not a suite\n");
  CHECK(one_line_problem("deb http://mirror.example/d s ../main") ==
        "sources.list:1: error: `../main` is not a component\n");
  CHECK(one_line_problem("deb [arch=amd64 http://mirror.example/d s main") ==
        "sources.list:1: error: `]` is missing after the options\n");
  CHECK(one_line_problem("deb [trusted] http://mirror.example/d s main") ==
        "sources.list:1: error: the option `trusted` has no value\n");
  CHECK(one_line_problem("deb [trusted=maybe] http://mirror.example/d s main") ==
        "sources.list:1: error: `trusted` must be `yes` or `no`, not `maybe`\n");
  CHECK(one_line_problem("deb [signed-by=a.gpg] http://mirror.example/d s main") ==
        "sources.list:1: error: Signed-By must hold absolute paths of keyrings or whole "
        "fingerprints, not `a.gpg`\n");
  CHECK(one_line_problem("deb [signed-by=/usr/../a] http://mirror.example/d s main") ==
        "sources.list:1: error: `/usr/../a` is not the path of a keyring\n");
  CHECK(one_line_problem("deb http://mirror.example/d?q=1 s main") ==
        "sources.list:1: error: the URI of a source cannot have a query or a fragment\n");
}

TEST_CASE("parse_sources_list: schemes that cannot be fetched are refused by name") {
  for (const std::string scheme : {"cdrom:", "copy:", "ftp:", "mirror+http:", "tor+https:"}) {
    const auto parsed = parse_sources_list("deb " + scheme + "//x/y s main", "sources.list");
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().kind() == ErrorKind::unsupported);
    CHECK(render(parsed.error()) ==
          "sources.list:1: error: sources of kind `" + scheme +
              "` are not supported\nhint: use an http, https or file URI, or set mirrors in "
              "cogbuild.yaml\n");
  }
}

TEST_CASE("sources: credentials are kept, and never printed") {
  const auto sources = one_line("deb https://me:s3cret@mirror.example/d s main");
  CHECK(sources[0].uri.password == "s3cret");
  CHECK(to_string(sources[0]) == "https://mirror.example/d s main");
  for (const std::string text :
       {"http://me:s3cret@mirror.example/d s main",
        "deb http://me:s3cret@mirror.example:x/d s main",
        "deb http://mirror.example/d http://me:s3cret@mirror.example s",
        "deb http://mirror.example/d s http://me:s3cret@mirror.example//",
        "deb [http://me:s3cret@mirror.example/d] s main", "deb ftp://me:s3cret@mirror.example s m",
        "deb me:s3cret@mirror.example s m", "deb http://me:s3cret@mirror.example/d s",
        "deb http://me:s3cret@mirror.example/d?x s m"}) {
    CAPTURE(text);
    CHECK(one_line_problem(text) != "");
    CHECK(one_line_problem(text).find("s3cret") == std::string::npos);
  }
  for (const std::string text :
       {"Types: deb\nURIs: http://me:s3cret@mirror.example:x/d\nSuites: s\nComponents: m\n",
        "Types: deb\nSuites: s\nhttp://me:s3cret@mirror.example/d\n",
        "Types: deb\nSuites: s\nme/s3cret@mirror.example/d\n",
        "Types: http://me:s3cret@mirror.example/d\n",
        "Types: deb\nURIs: http://mirror.example\nSuites: http://me:s3cret@x\nComponents: m\n"}) {
    CAPTURE(text);
    CHECK(deb822_problem(text) != "");
    CHECK(deb822_problem(text).find("s3cret") == std::string::npos);
  }
}

TEST_CASE("parse_deb822_sources: URIs times suites, in order") {
  const auto sources = deb822(
      "Types: deb deb-src\n"
      "# http://mirror.example/snapshot\n"
      "URIs: http://mirror.example/debian\n https://two.example/debian/\n"
      "Suites: bookworm bookworm-updates\n"
      "Components: main\n# non-free\n contrib\n"
      "Architectures: amd64 arm64\nArchitectures-Remove: i386\n"
      "By-Hash: no\nTrusted: yes\nCheck-Valid-Until: no\n"
      "Signed-By: /usr/share/keyrings/a.gpg, /b.asc\n " +
      kFingerprint + "\n");
  CHECK(printed(sources) == Words{"http://mirror.example/debian bookworm main contrib",
                                  "http://mirror.example/debian bookworm-updates main contrib",
                                  "https://two.example/debian/ bookworm main contrib",
                                  "https://two.example/debian/ bookworm-updates main contrib"});
  CHECK(sources[3].architectures == Words{"amd64", "arm64"});
  CHECK(sources[3].excluded_architectures == Words{"i386"});
  CHECK(sources[3].by_hash == false);
  CHECK(sources[3].check_valid_until == false);
  CHECK(sources[3].trusted);
  CHECK(sources[3].signed_by.keyrings == Words{"/usr/share/keyrings/a.gpg", "/b.asc"});
  CHECK(sources[3].signed_by.fingerprints == Words{kFingerprint});
}

TEST_CASE("parse_deb822_sources: disabled, source and flat stanzas") {
  const auto sources = deb822(
      "Types: deb\nURIs: file:/a\nSuites: s\nComponents: m\nEnabled: no\n\n"
      "Types: deb-src\nURIs: file:/b\nSuites: s\nComponents: m\n\n"
      "types: deb\nuris: file:/c\nsuites: ./\n");
  CHECK(printed(sources) == Words{"file:///a s m", "file:///c ./"});
  CHECK_FALSE(sources[0].enabled);
  CHECK(sources[1].enabled);
  CHECK(sources[1].line == 12);
  CHECK(deb822("").empty());
}

TEST_CASE("parse_deb822_sources: a key may stand in the file") {
  const auto sources = deb822(
      "Types: deb\nURIs: file:/a\nSuites: ./\nSigned-By:\n"
      " -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQINBF\n =abcd\n"
      " -----END PGP PUBLIC KEY BLOCK-----\n");
  CHECK(sources[0].signed_by.key_block ==
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQINBF\n=abcd\n"
        "-----END PGP PUBLIC KEY BLOCK-----\n");
  CHECK(sources[0].signed_by.keyrings.empty());
  CHECK(deb822_problem("Types: deb\nURIs: file:/a\nSuites: ./\nSigned-By:\n"
                       " -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQINBF\n") ==
        "debian.sources:4: error: the key of Signed-By is not one whole public key block\n");
}

TEST_CASE("parse_deb822_sources: what is wrong is named with its line") {
  CHECK(deb822_problem("URIs: file:/a\nSuites: s\nComponents: m\n") ==
        "debian.sources:1: error: the source has no `Types`\n");
  CHECK(deb822_problem("\nTypes: deb\nSuites: s\nComponents: m\n") ==
        "debian.sources:2: error: the source has no `URIs`\n");
  CHECK(deb822_problem("Types: deb\nURIs: file:/a\n") ==
        "debian.sources:1: error: the source has no `Suites`\n");
  CHECK(deb822_problem("Types: deb\nURIs: file:/a\nSuites: s\n") ==
        "debian.sources:3: error: the suite `s` has no components\n");
  CHECK(deb822_problem("Types: rpm\n") ==
        "debian.sources:1: error: `rpm` is not a type of source, only `deb` and `deb-src` are\n");
  CHECK(deb822_problem("Types: deb\nURIs: file:/a\nSuites: s\nComponents: m\nEnabled: perhaps\n") ==
        "debian.sources:5: error: `Enabled` must be `yes` or `no`, not `perhaps`\n");
  CHECK(deb822_problem("Types: deb\nURIs: cdrom:[x]/\nSuites: s\nComponents: m\n") ==
        "debian.sources:2: error: sources of kind `cdrom:` are not supported\n"
        "hint: use an http, https or file URI, or set mirrors in cogbuild.yaml\n");
  CHECK(deb822_problem("Types: deb\nURIs: file:/a\nSuites: a#b\nComponents: m\n") ==
        "debian.sources:3: error: `a#b` is not a suite\n");
  CHECK(deb822_problem("Types: deb\nURIs: file:/a\nSuites: a\nComponents: m?\n") ==
        "debian.sources:4: error: `m?` is not a component\n");
  CHECK(deb822_problem("Types: deb\nTypes: deb\n") ==
        "debian.sources:2: error: the field `Types` is given twice\n");
  CHECK(deb822_problem("deb http://mirror.example s main\n") ==
        "debian.sources:1: error: `deb http` is not a field name\n");
  std::string many;
  for (int i = 0; i < 101; ++i) many += " file:/" + std::to_string(i);
  CHECK(deb822_problem("Types: deb\nURIs:" + many + "\nSuites:" + many + "\nComponents: m\n") ==
        "debian.sources:1: error: more than 10000 sources\n");
}
