#include <cogbuild/config/config.hpp>

#include <doctest/doctest.h>

#include <string>

namespace cogbuild::config {

namespace {

Result<ReadResult> read_text(const std::string& text) {
  return read(io::MemoryTree({{"cog.yaml", text}}), "cog.yaml");
}

std::string refusal(const std::string& text) {
  const auto result = read_text(text);
  return result ? "accepted" : render(result.error());
}

}  // namespace

TEST_CASE("read: values carry the place of their first byte, quotes included") {
  const auto result =
      read_text("build:\n  python_version: \"3.12\"\n  system_packages:\n    - git\n");
  REQUIRE(result.has_value());
  const SourceLocation version{"cog.yaml", 2, 19, "  python_version: \"3.12\""};
  CHECK(result->config.python_version.location == version);
  REQUIRE(result->config.system_packages.size() == 1);
  const SourceLocation package{"cog.yaml", 4, 7, "    - git"};
  CHECK(result->config.system_packages[0].location == package);
}

TEST_CASE("read: a byte order mark and CRLF line ends change nothing") {
  const auto result = read_text("\xef\xbb\xbfimage: x\r\nrun: a.py:B\r\n");
  REQUIRE(result.has_value());
  CHECK(*result->config.image == "x");
  const SourceLocation run{"cog.yaml", 2, 6, "run: a.py:B"};
  CHECK(result->config.predict.location == run);
}

TEST_CASE("read: a missing file names the flag that picks another") {
  const auto result = read(io::MemoryTree({}), "cog.yaml");
  REQUIRE(!result);
  CHECK(result.error().kind() == ErrorKind::config);
  CHECK(render(result.error()) ==
        "error: there is no `cog.yaml`\n"
        "hint: name the file with -f\n");
}

TEST_CASE("read: a file above 1 MiB is refused") {
  CHECK(refusal("image: x\n#" + std::string(std::size_t{1} << 20, ' ')) ==
        "error: `cog.yaml` is larger than 1 MiB\n"
        "hint: this is hardly the file you meant: name the right one with -f\n");
}

TEST_CASE("read: bytes that are not UTF-8 and control characters are refused with their place") {
  CHECK(refusal("image: x\nmodel: a\xff\n") ==
        "cog.yaml:2:9: error: byte 0xff is not UTF-8 text\n"
        "hint: save the file as UTF-8 text\n");
  CHECK(refusal("image: \x04x\n") ==
        "cog.yaml:1:8: error: control character 0x04 is not allowed in YAML\n"
        "hint: save the file as UTF-8 text\n");
}

TEST_CASE("read: aliases that multiply are refused before they are expanded") {
  std::string bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n";
  for (char name = 'b'; name < 'k'; ++name) {
    const char last = static_cast<char>(name - 1);
    bomb += std::string(1, name) + ": &" + name + " [";
    for (int i = 0; i < 10; ++i) bomb += std::string(i == 0 ? "" : ", ") + "*" + last;
    bomb += "]\n";
  }
  CHECK(refusal(bomb) ==
        "cog.yaml:5:36: error: the file holds more than 100000 values, aliases expanded\n"
        "  5 | e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]\n"
        "    |                                    ^\n"
        "hint: write out what is needed instead of repeating aliases\n");
}

TEST_CASE("read: a megabyte of brackets ends at once") {
  const std::string text = "a: " + std::string(900'000, '[');
  CHECK(refusal(text) ==
        "cog.yaml:1:20: error: values are nested more than 32 levels deep\n"
        "hint: no key needs more than six\n");
}

TEST_CASE("read: what the user wrote is cut and made printable in messages") {
  CHECK(refusal("run: \"" + std::string(79, 'x') + "\xc3\xa4y\"\n")
            .starts_with("cog.yaml:1:6: error: `run` must be `file.py:Name`, not `" +
                         std::string(79, 'x') + "…`\n"));
  CHECK(refusal("run: \"a\\e[31mb\\n\"\n")
            .starts_with(
                "cog.yaml:1:6: error: `run` must be `file.py:Name`, not `a\\x1b[31mb\\n`\n"));
}

TEST_CASE("read: all findings of a file come in one error, its kind is config") {
  const auto result = read_text("run: a\ntrain: b\nconcurrency: 1\n");
  REQUIRE(!result);
  CHECK(result.error().kind() == ErrorKind::config);
  CHECK(result.error().others().size() == 2);
}

TEST_CASE("check_entry_points: a file that is not there is refused, with the nearest name") {
  const io::MemoryTree project({{"predict.py", ""},
                                {"src/train.py", ""},
                                {"cog.yaml", "predict: predct.py:P\ntrain: src/tran.py:t\n"}});
  const auto result = read(project, "cog.yaml");
  REQUIRE(result.has_value());
  const auto check = check_entry_points(project, result->config);
  REQUIRE(!check);
  CHECK(render(check.error()) ==
        "cog.yaml:1:10: error: there is no file `predct.py`\n"
        "  1 | predict: predct.py:P\n"
        "    |          ^\n"
        "hint: did you mean `predict.py`?\n"
        "cog.yaml:2:8: error: there is no file `src/tran.py`\n"
        "  2 | train: src/tran.py:t\n"
        "    |        ^\n"
        "hint: did you mean `src/train.py`?\n");
}

TEST_CASE("check_entry_points: files that are there pass") {
  const io::MemoryTree project({{"run.py", ""}, {"cog.yaml", "run: ./run.py:R\n"}});
  const auto result = read(project, "cog.yaml");
  REQUIRE(result.has_value());
  CHECK(check_entry_points(project, result->config).has_value());
}

TEST_CASE("to_label_json: what ends a script element or a line is escaped as Go does") {
  Config config;
  config.image.value = "<a>&\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa\x7f\t";
  CHECK(to_label_json(config) ==
        "{\"build\":{},\"image\":\"\\u003ca\\u003e\\u0026\\u2028\\u2029\xe2\x80\xaa\x7f\\t\"}");
}

}  // namespace cogbuild::config
