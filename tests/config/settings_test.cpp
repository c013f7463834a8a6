#include <cogbuild/config/settings.hpp>

#include <doctest/doctest.h>

#include <string>
#include <utility>

namespace cogbuild::config {

namespace {

Result<SettingsResult> read_text(const std::string& text) {
  return read_settings(io::MemoryTree({{"cogbuild.yaml", text}}));
}

std::string refusal(const std::string& text) {
  const auto result = read_text(text);
  return result ? "accepted" : render(result.error());
}

// The message alone.
std::string problem(const std::string& text) {
  const auto result = read_text(text);
  return result ? "accepted" : result.error().message();
}

std::vector<std::string> values(const std::vector<Located<std::string>>& items) {
  std::vector<std::string> found;
  for (const auto& item : items) found.push_back(*item);
  return found;
}

const std::string kDigest(64, 'a');

}  // namespace

TEST_CASE("read_settings: without a file, and in an empty one, all is absent") {
  const auto absent = read_settings(io::MemoryTree({}));
  REQUIRE(absent.has_value());
  CHECK(absent->settings == Settings{});
  CHECK(absent->warnings.empty());
  for (const char* text : {"", "# nothing\n", "debian:\npython:\nbase:\n", "debian: {}\n"}) {
    const auto empty = read_text(text);
    REQUIRE(empty.has_value());
    CHECK(empty->settings == Settings{});
    CHECK(empty->warnings.empty());
  }
}

TEST_CASE("read_settings: every key") {
  const auto result = read_text(
      "debian:\n"
      "  sources:\n"
      "    - deb [signed-by=/usr/share/keyrings/x.gpg] https://mirror/debian {suite} main\n"
      "    - deb http://mirror/flat ./\n"
      "  snapshot: https://host/archive\n"
      "  skip_scripts: [libpam0g]\n"
      "  allow_unsigned: yes\n"
      "  suite: trixie\n"
      "python:\n"
      "  mirror: https://host/python\n"
      "  archive: {version: 3.12.11, url: \"https://host/x.tar.gz\", sha256: " +
      kDigest +
      "}\n"
      "base: debian:trixie\n"
      "base_packages: [git, 'ffmpeg=7:7.1-1', tini/trixie]\n"
      "keep_docs: false\n"
      "check:\n"
      "  ignore: [unpinned]\n"
      "  enable: [input-order]\n"
      "  exclude: [notebooks/, '**/test_*.py']\n");
  REQUIRE(result.has_value());
  CHECK(result->warnings.empty());
  const Settings& settings = result->settings;
  CHECK(values(settings.debian.sources) ==
        std::vector<std::string>{
            "deb [signed-by=/usr/share/keyrings/x.gpg] https://mirror/debian {suite} main",
            "deb http://mirror/flat ./"});
  CHECK(*settings.debian.snapshot == "https://host/archive");
  CHECK(values(settings.debian.skip_scripts) == std::vector<std::string>{"libpam0g"});
  CHECK(settings.debian.allow_unsigned);
  CHECK(*settings.debian.suite == "trixie");
  CHECK(*settings.python.mirror == "https://host/python");
  REQUIRE(settings.python.archive.has_value());
  CHECK(*settings.python.archive->version == "3.12.11");
  CHECK(*settings.python.archive->url == "https://host/x.tar.gz");
  CHECK(settings.python.archive->sha256->hex() == kDigest);
  CHECK(*settings.base == "debian:trixie");
  CHECK(values(settings.base_packages) ==
        std::vector<std::string>{"git", "ffmpeg=7:7.1-1", "tini/trixie"});
  CHECK(settings.keep_docs == false);
  CHECK(values(settings.check.ignore) == std::vector<std::string>{"unpinned"});
  CHECK(values(settings.check.enable) == std::vector<std::string>{"input-order"});
  CHECK(values(settings.check.exclude) == std::vector<std::string>{"notebooks/", "**/test_*.py"});
  const SourceLocation base{"cogbuild.yaml", 12, 7, "base: debian:trixie"};
  CHECK(settings.base.location == base);
}

TEST_CASE("read_settings: one source may stand alone") {
  const auto result = read_text("debian: {sources: 'deb file:///mirror sid main'}\n");
  REQUIRE(result.has_value());
  CHECK(values(result->settings.debian.sources) ==
        std::vector<std::string>{"deb file:///mirror sid main"});
}

TEST_CASE("read_settings: unknown keys are warnings that say what was meant") {
  const auto result = read_text("suite: trixie\nbase_package: [git]\npython:\n  miror: x\n");
  REQUIRE(result.has_value());
  std::string text;
  for (const auto& warning : result->warnings) text += render(warning);
  CHECK(text ==
        "cogbuild.yaml:1:1: error: unknown key `suite` at the top level\n"
        "  1 | suite: trixie\n"
        "    | ^\n"
        "hint: `suite` belongs under `debian`\n"
        "hint: allowed at the top level: debian, python, base, base_packages, keep_docs, check\n"
        "cogbuild.yaml:2:1: error: unknown key `base_package` at the top level\n"
        "  2 | base_package: [git]\n"
        "    | ^\n"
        "hint: did you mean `base_packages`?\n"
        "hint: allowed at the top level: debian, python, base, base_packages, keep_docs, check\n"
        "cogbuild.yaml:4:3: error: unknown key `miror` under `python`\n"
        "  4 |   miror: x\n"
        "    |   ^\n"
        "hint: did you mean `mirror`?\n"
        "hint: allowed under `python`: mirror, archive\n");
}

TEST_CASE("read_settings: all findings come together, by line, with what to do") {
  CHECK(refusal("keep_docs: maybe\n"
                "debian:\n"
                "  sources: [deb https://mirror/debian trixie]\n"
                "  snapshot: host/archive\n"
                "python:\n"
                "  archive: {version: '3.12', url: []}\n") ==
        "cogbuild.yaml:1:12: error: `keep_docs` must be true or false, not `maybe`\n"
        "  1 | keep_docs: maybe\n"
        "    |            ^\n"
        "hint: write `true` or `false` without quotes\n"
        "cogbuild.yaml:3:13: error: a source of packages needs a component, such as `main`\n"
        "  3 |   sources: [deb https://mirror/debian trixie]\n"
        "    |             ^\n"
        "hint: write it as apt does: `deb [signed-by=/path/of/key.gpg] https://host/debian {suite} "
        "main`\n"
        "cogbuild.yaml:4:13: error: `snapshot`: `host/archive` is not a usable URL: it has no "
        "scheme\n"
        "  4 |   snapshot: host/archive\n"
        "    |             ^\n"
        "hint: write it in full: `https://host/path`\n"
        "cogbuild.yaml:6:12: error: `archive` needs `sha256`\n"
        "  6 |   archive: {version: '3.12', url: []}\n"
        "    |            ^\n"
        "hint: add `sha256: …`\n"
        "cogbuild.yaml:6:22: error: `3.12` is not a full version of Python\n"
        "  6 |   archive: {version: '3.12', url: []}\n"
        "    |                      ^\n"
        "hint: write all three numbers, such as `3.12.11`\n"
        "cogbuild.yaml:6:35: error: `url` must be a single value, not a list\n"
        "  6 |   archive: {version: '3.12', url: []}\n"
        "    |                                   ^\n"
        "hint: write one text here\n");
}

TEST_CASE("read_settings: what a source of packages may look like") {
  const std::pair<const char*, const char*> cases[] = {
      {"deb https://h/d {suite} main contrib", "accepted"},
      {"deb  [ arch=amd64 trusted=yes ]\\thttps://h/d trixie main", "accepted"},
      {"deb https://h/d trixie/", "accepted"},
      {"rpm https://h/d x main", "a source of packages must begin with `deb`, not `rpm`"},
      {"deb-src https://h/d x main", "a source of packages must begin with `deb`, not `deb-src`"},
      {"debhttps://h/d", "a source of packages must begin with `deb`, not `debhttps://h/d`"},
      {" ", "a source of packages must begin with `deb`"},
      {"[x] https://h/d x main", "a source of packages must begin with `deb`"},
      {"deb", "a source of packages needs the URL of an archive"},
      {"deb [x", "the options of a source of packages lack `]`"},
      {"deb [x]", "a source of packages needs the URL of an archive"},
      {"deb https://h/d", "a source of packages needs a suite"},
      {"deb https://h/d x main\\ndeb https://h/d y main", "a source of packages must be one line"},
  };
  for (const auto& [line, message] : cases) {
    CAPTURE(line);
    CHECK(problem("debian:\n  sources:\n    - \"" + std::string(line) + "\"\n") == message);
  }
  CHECK(problem("debian: {sources: ['deb cdrom:[x]/ sid main']}\n") != "accepted");
}

TEST_CASE("read_settings: what a value may look like") {
  const std::pair<const char*, const char*> cases[] = {
      {"base_packages: [g++, libgl1/trixie-backports]", "accepted"},
      {"base_packages: [Git]", "`Git` is not the name of a package"},
      {"base_packages: [g]", "`g` is not the name of a package"},
      {"base_packages: [git=]", "`git=` is not a package"},
      {"base_packages: ['git/a b']", "`git/a b` is not a package"},
      {"base_packages: git", "`base_packages` must be a list, not `git`"},
      {"base: ['x']", "`base` must be a single value, not a list"},
      {"base: a b", "`a b` is not a base"},
      {"base: --help", "`--help` is not a base"},
      {"base: oci:dir", "accepted"},
      {"debian: {skip_scripts: [git=1]}", "`git=1` is not the name of a package"},
      {"debian: {suite: ../x}", "`../x` is not the name of a suite"},
      {"debian: {suite: trixie-backports}", "accepted"},
      {"debian: trixie", "`debian` must be a mapping, not `trixie`"},
      {"debian: {allow_unsigned: 'true'}",
       "`allow_unsigned` must be true or false, not the quoted text `true`"},
      {"python: {mirror: 'ftp://host/'}",
       "`mirror`: `ftp://host/` is not a usable URL: the scheme must be http, https or file"},
      {"python: {archive: {version: 3.12., url: 'https://h/', sha256: x}}",
       "`3.12.` is not a full version of Python"},
      {"python: {archive: {version: 3.12.1, url: 'https://h/', sha256: x}}",
       "`x` is not a SHA-256"},
      {"- x", "the file must be a mapping, not a list"},
      {"base: x\nbase: y", "`base` is given twice (first in line 1)"},
  };
  for (const auto& [text, message] : cases) {
    CAPTURE(text);
    CHECK(problem(text) == message);
  }
}

TEST_CASE("read_settings: a file that is too large, and one that is no YAML") {
  CHECK(refusal("#" + std::string(std::size_t{1} << 20, ' ')) ==
        "error: `cogbuild.yaml` is larger than 1 MiB\n");
  CHECK(problem("base: [").starts_with("this is not valid YAML"));
  CHECK(problem("base: a\xff").starts_with("byte 0xff is not UTF-8 text"));
}

TEST_CASE("read_settings: a URL's password is not told") {
  const auto result = read_text("python: {mirror: 'ftp://me:secret@host/'}\n");
  REQUIRE(!result);
  CHECK(result.error().message().find("secret") == std::string::npos);
}

TEST_CASE("read_settings: rules and patterns of `check` must be able to name something") {
  CHECK(refusal("check: {ignore: [Big_File]}\n") ==
        "cogbuild.yaml:1:18: error: `Big_File` is not the id of a rule\n"
        "  1 | check: {ignore: [Big_File]}\n"
        "    |                  ^\n"
        "hint: ids are of lower-case words and dashes; `cogbuild check --list` lists them\n");
  CHECK(problem("check: {enable: [-a]}\n") == "`-a` is not the id of a rule");
  CHECK(problem("check: {enable: [a-]}\n") == "`a-` is not the id of a rule");
  CHECK(problem("check: {exclude: ['[']}\n") == "`[` is not a pattern of paths");
  CHECK(problem("check: {exclude: ['/x']}\n") == "`/x` is not a pattern of paths");
  CHECK(problem("check: {exclude: ['../x']}\n") == "`../x` is not a pattern of paths");
  CHECK(problem("check: {ignore: [a, b-2], exclude: ['a/**']}\n") == "accepted");
}

TEST_CASE("read_settings: an unknown key under `check` is a warning that says what was meant") {
  const auto result = read_text("check: {ignores: [a]}\n");
  REQUIRE(result.has_value());
  REQUIRE(result->warnings.size() == 1);
  CHECK(result->warnings[0].message() == "unknown key `ignores` under `check`");
  CHECK(result->warnings[0].hints().at(0) == "did you mean `ignore`?");
}

}  // namespace cogbuild::config
