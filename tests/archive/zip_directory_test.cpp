#include "support/zip_builder.hpp"

#include <cogbuild/archive/zip_directory.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace cogbuild;
using archive::ZipDirectory;
using test::ZipBuilder;

namespace {

struct Fixture {
  io::TempDir directory = *io::TempDir::create();
  Result<ZipDirectory> open(const std::string& bytes, const archive::ZipLimits& limits = {}) {
    return ZipDirectory::open(test::write_file(directory.path() / "a.whl", bytes), "a.whl", limits);
  }
  std::string refusal(const std::string& bytes, const archive::ZipLimits& limits = {}) {
    const auto zip = open(bytes, limits);
    return zip ? "accepted" : zip.error().message();
  }
};

}  // namespace

TEST_CASE("ZipDirectory: members in name order, contents as they went in") {
  Fixture fixture;
  const auto zip =
      fixture.open(ZipBuilder()
                       .add("z.txt", "last")
                       .add({.name = "a/", .deflate = false})
                       .add({.name = "a/run", .content = "#!x", .unix_mode = 0100755})
                       .add({.name = "m.bin", .content = test::noise(700'000, 4), .deflate = false})
                       .add("empty", "")
                       .bytes("a comment"));
  REQUIRE(zip);
  REQUIRE(zip->members().size() == 4);
  CHECK(zip->members()[0].name == "a/run");
  CHECK(zip->members()[0].executable);
  CHECK(*zip->read(*zip->find("z.txt"), 100) == "last");
  CHECK(*zip->read(*zip->find("m.bin"), 1'000'000) == test::noise(700'000, 4));
  CHECK(zip->read(*zip->find("empty"), 10)->empty());
  CHECK(zip->find("nothing") == nullptr);
  CHECK_FALSE(zip->read(*zip->find("m.bin"), 10));
}

TEST_CASE("ZipDirectory: names that could leave the archive or mean two things are refused") {
  Fixture fixture;
  const auto refused = [&](const std::string& name) {
    return fixture.refusal(ZipBuilder().add(name, "x").bytes());
  };
  CHECK(refused("../x") ==
        "a.whl holds a file whose name is refused: it leaves the archive through `..`: `../x`");
  CHECK(
      refused("a/../../x") ==
      "a.whl holds a file whose name is refused: it leaves the archive through `..`: `a/../../x`");
  CHECK(refused("/etc/passwd") ==
        "a.whl holds a file whose name is refused: it is absolute: `/etc/passwd`");
  CHECK(refused("C:/x") == "a.whl holds a file whose name is refused: it names a drive: `C:/x`");
  CHECK(refused("a\\b") ==
        "a.whl holds a file whose name is refused: it holds a control character or a backslash: "
        "`a\\b`");
  CHECK(refused("a\nb") ==
        "a.whl holds a file whose name is refused: it holds a control character or a backslash: "
        "`a\\x0ab`");
  CHECK(refused("a//b") ==
        "a.whl holds a file whose name is refused: it has an empty part: `a//b`");
  CHECK(refused("./b") == "a.whl holds a file whose name is refused: it has an empty part: `./b`");
  CHECK(refused("a/./b") ==
        "a.whl holds a file whose name is refused: it has an empty part: `a/./b`");
  CHECK(refused("\xff\xfe") ==
        "a.whl holds a file whose name is refused: it is not UTF-8: `\\xff\\xfe`");
  CHECK(refused("..x/y..") == "accepted");
  CHECK(refused("n\xc3\xa4me") == "accepted");
}

TEST_CASE("ZipDirectory: links, encryption, unknown methods and duplicates are refused") {
  Fixture fixture;
  CHECK(fixture.refusal(
            ZipBuilder().add({.name = "l", .content = "/etc", .unix_mode = 0120777}).bytes()) ==
        "a.whl holds a symbolic link, `l`; wheels cannot");
  CHECK(fixture.refusal(ZipBuilder().add({.name = "e", .content = "x", .flags = 1}).bytes()) ==
        "`e` in a.whl is encrypted");
  CHECK(fixture.refusal(ZipBuilder().add({.name = "m", .content = "x", .method = 12}).bytes()) ==
        "`m` in a.whl uses compression method 12");
  CHECK(fixture.refusal(ZipBuilder().add("d", "x").add("d", "y").bytes()) ==
        "a.whl holds `d` twice");
}

TEST_CASE("ZipDirectory: a directory that lies is found out") {
  Fixture fixture;
  CHECK(fixture.refusal(
            ZipBuilder()
                .add({.name = "bomb", .content = std::string(1000, 'x'), .claimed_size = 1 << 30})
                .bytes()) ==
        "`bomb` in a.whl claims 1073741824 bytes from " +
            std::to_string(fixture.open(ZipBuilder().add("bomb", std::string(1000, 'x')).bytes())
                               ->members()[0]
                               .compressed_bytes) +
            ": a zip bomb");
  CHECK(
      fixture.refusal(ZipBuilder().add({.name = "a", .content = "x", .local_name = "b"}).bytes()) ==
      "a.whl is a damaged zip archive: the local header of `a` differs from the directory");
  CHECK(
      fixture.refusal(ZipBuilder()
                          .add({.name = "s", .content = "abc", .deflate = false, .claimed_size = 2})
                          .bytes()) ==
      "a.whl is a damaged zip archive: the sizes of `s` contradict each other");
  const auto crc =
      fixture.open(ZipBuilder().add({.name = "c", .content = "abc", .claimed_crc = 7}).bytes());
  REQUIRE(crc);
  CHECK(crc->read(crc->members()[0], 10).error().message() ==
        "`c` in a.whl does not have the size and CRC-32 of the directory");
  const auto larger = fixture.open(
      ZipBuilder().add({.name = "g", .content = std::string(50, 'g'), .claimed_size = 10}).bytes());
  REQUIRE(larger);
  CHECK(larger->read(larger->members()[0], 100).error().message() ==
        "`g` in a.whl is damaged: compressed data does not have the size it should");
}

TEST_CASE("ZipDirectory: truncated archives and data behind the end are refused") {
  Fixture fixture;
  const std::string good = ZipBuilder().add("a", test::noise(5000, 9)).bytes();
  CHECK(fixture.refusal(good.substr(0, good.size() - 10)) ==
        "a.whl is a damaged zip archive: no end record at its end (truncated, or data behind it)");
  CHECK(fixture.refusal(good + "trailing") ==
        "a.whl is a damaged zip archive: no end record at its end (truncated, or data behind it)");
  CHECK(fixture.refusal("PK") == "a.whl is a damaged zip archive: it is too short");
  CHECK(fixture.refusal("") == "a.whl is a damaged zip archive: it is too short");
  CHECK(fixture.refusal("prefix" + good) ==
        "a.whl is a damaged zip archive: its directory does not stand before its end record");
}

TEST_CASE("ZipDirectory: limits on members and on their sum") {
  Fixture fixture;
  const std::string bytes = ZipBuilder().add("a", "xx").add("b", "yy").bytes();
  CHECK(fixture.refusal(bytes, {.members = 1}) ==
        "a.whl is a damaged zip archive: 2 members are too many");
  CHECK(fixture.refusal(bytes, {.unpacked_bytes = 3}) == "a.whl claims more than 3 bytes unpacked");
}

TEST_CASE("ZipDirectory: any single damaged byte gives an error or the same content") {
  Fixture fixture;
  const std::string content = test::noise(300, 5) + std::string(300, 'r');
  const std::string good = ZipBuilder().add("one", content).add("two", "2").bytes();
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x41);
    const auto zip = fixture.open(bad);
    if (!zip) continue;
    for (const auto& member : zip->members()) {
      const auto out = zip->read(member, 1'000'000);
      if (!out) continue;
      const bool known = *out == content || *out == "2";
      CHECK_MESSAGE(known, "byte ", i);
    }
  }
}
