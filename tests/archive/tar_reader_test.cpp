#include "support/raw_tar.hpp"

#include <cogbuild/archive/tar_reader.hpp>
#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/io/bytes.hpp>
#include <cogbuild/io/file.hpp>

#include <doctest/doctest.h>

#include <clocale>
#include <string>
#include <vector>

namespace cogbuild::archive {
namespace {

using test::directory;
using test::hardlink;
using test::pax;
using test::raw_tar;
using test::raw_tar_open;
using test::stored_gzip;
using test::stored_zstd;
using test::symlink;

struct Read {
  TarEntry entry{};
  std::string content{};
};

Result<std::vector<Read>> read_tar(const std::string& tar, const TarLimits& limits = {}) {
  io::MemorySource source(tar);
  TRY_ASSIGN(auto reader, TarReader::open(source, limits));
  std::vector<Read> all;
  for (;;) {
    TRY_ASSIGN(auto entry, reader.next());
    if (!entry) return all;
    EntrySource content(reader);
    TRY_ASSIGN(auto text, io::read_all(content, 1 << 20));
    all.push_back({std::move(*entry), std::move(text)});
  }
}

Result<std::vector<std::string>> paths(const std::string& tar, const TarLimits& limits = {}) {
  io::MemorySource source(tar);
  TRY_ASSIGN(auto reader, TarReader::open(source, limits));
  std::vector<std::string> all;
  for (;;) {
    TRY_ASSIGN(auto entry, reader.next());
    if (!entry) return all;
    all.push_back(entry->path);
  }
}

std::string message(const std::string& tar, const TarLimits& limits = {}) {
  const auto result = read_tar(tar, limits);
  return result ? "no error" : result.error().message();
}

using Paths = std::vector<std::string>;

TEST_CASE("checked_path: normalises and refuses") {
  const std::vector<std::pair<std::string, std::string>> good = {{"a", "a"},
                                                                 {"./a", "a"},
                                                                 {"a/", "a"},
                                                                 {"./", ""},
                                                                 {".", ""},
                                                                 {"", ""},
                                                                 {"a//b/./c/", "a/b/c"},
                                                                 {"a..b", "a..b"},
                                                                 {"...", "..."},
                                                                 {".wh.x", ".wh.x"},
                                                                 {"é/\xff", "é/\xff"}};
  for (const auto& [name, path] : good) {
    CAPTURE(name);
    CHECK(checked_path(name).value() == path);
  }
  const std::vector<std::pair<std::string, std::string>> bad = {
      {"/etc/passwd", "the entry name `/etc/passwd` is absolute"},
      {"../x", "the entry name `../x` climbs out with `..`"},
      {"a/../../x", "the entry name `a/../../x` climbs out with `..`"},
      {"a/..", "the entry name `a/..` climbs out with `..`"},
      {std::string("a\0b", 3), "the entry name `a\\x00b` holds a control character"},
      {"a\nb", "the entry name `a\\x0ab` holds a control character"},
      {"a\x7f", "the entry name `a\\x7f` holds a control character"}};
  for (const auto& [name, text] : bad) {
    CAPTURE(name);
    REQUIRE_FALSE(checked_path(name));
    CHECK(checked_path(name).error().message() == text);
    CHECK(checked_path(name).error().kind() == ErrorKind::integrity);
  }
  CHECK(checked_path(std::string(4096, 'a')).has_value());
  CHECK_FALSE(checked_path(std::string(4097, 'a')).has_value());
}

TEST_CASE("TarReader: entries of every type with their attributes") {
  const auto all =
      read_tar(raw_tar({directory("./", 0700),
                        directory("./d/", 01777),
                        {.name = "./d/f", .content = "hello", .mode = 04755, .uid = 7, .gid = 8},
                        hardlink("d/h", "./d/f"),
                        symlink("d/s", "../../anything"),
                        {.name = "d/fifo", .type = '6'}}))
          .value();
  REQUIRE(all.size() == 6);
  CHECK(all[0].entry.path.empty());
  CHECK(all[0].entry.mode == 0700);
  CHECK(all[1].entry.path == "d");
  CHECK(all[1].entry.type == EntryType::directory);
  CHECK(all[1].entry.mode == 01777);
  CHECK(all[2].entry.type == EntryType::file);
  CHECK(all[2].content == "hello");
  CHECK(all[2].entry.mode == 04755);
  CHECK(all[2].entry.uid == 7);
  CHECK(all[2].entry.gid == 8);
  CHECK(all[2].entry.size_bytes == 5);
  CHECK(all[2].entry.mtime_seconds == 315532800);
  CHECK(all[2].entry.data_offset == 3 * 512);
  CHECK(all[3].entry.type == EntryType::hardlink);
  CHECK(all[3].entry.link_target == "d/f");
  CHECK(all[4].entry.type == EntryType::symlink);
  CHECK(all[4].entry.link_target == "../../anything");
  CHECK(all[5].entry.type == EntryType::other);
}

TEST_CASE(
    "TarReader: pax names, times and attributes; bytes that are not ASCII survive the C locale") {
  REQUIRE(std::string(std::setlocale(LC_ALL, nullptr)) == "C");
  const auto all =
      read_tar(raw_tar({pax({{"path", "dé/名前"},
                             {"mtime", "12.5"},
                             {"uid", "3000000"},
                             {"SCHILY.xattr.security.capability", std::string("\x01\0\x02", 3)},
                             {"LIBARCHIVE.xattr.security.capability", "AQAC"}}),
                        {.name = "short", .content = "x"},
                        {.name = "na\xc3\xafve", .content = "y"},
                        pax({{"path", "bad\xff"}}),
                        {.name = "short", .content = "z"},
                        pax({{"linkpath", "zïel"}}),
                        symlink("l", "short")}))
          .value();
  REQUIRE(all.size() == 4);
  CHECK(all[0].entry.path == "dé/名前");
  CHECK(all[0].entry.mtime_seconds == 12);
  CHECK(all[0].entry.mtime_nanoseconds == 500'000'000);
  CHECK(all[0].entry.uid == 3'000'000);
  CHECK(all[0].entry.xattrs == std::vector<std::pair<std::string, std::string>>{
                                   {"security.capability", std::string("\x01\0\x02", 3)}});
  CHECK(all[0].entry.data_offset == 3 * 512);
  CHECK(all[1].entry.path == "naïve");
  CHECK(all[2].entry.path == "bad\xff");
  CHECK(all[2].content == "z");
  CHECK(all[3].entry.link_target == "zïel");
  CHECK(std::string(std::setlocale(LC_ALL, nullptr)) == "C");
}

TEST_CASE("TarReader: long names of the GNU format") {
  const std::string name = std::string(90, 'd') + "/" + std::string(200, 'f');
  const std::string held = name + std::string(1, '\0');
  const auto all = read_tar(raw_tar({{.name = "././@LongLink", .content = held, .type = 'L'},
                                     {.name = name.substr(0, 99), .content = "x"}}))
                       .value();
  REQUIRE(all.size() == 1);
  CHECK(all[0].entry.path == name);
}

TEST_CASE("TarReader: gzip of many members and zstd are read whole") {
  std::string big(200'000, 'x');
  const std::string tar =
      raw_tar({{.name = "a", .content = big}, {.name = "b", .content = "second"}});
  std::string members;
  for (std::size_t at = 0; at < tar.size(); at += 70'001)
    members += stored_gzip(tar.substr(at, 70'001));
  members += stored_gzip("");
  for (const std::string& form : {tar, stored_gzip(tar), members, stored_zstd(tar)}) {
    const auto all = read_tar(form).value();
    REQUIRE(all.size() == 2);
    CHECK(all[0].content == big);
    CHECK(all[1].content == "second");
    CHECK(paths(form).value() == Paths{"a", "b"});
  }
}

TEST_CASE("TarReader: an empty tar has no entries") {
  CHECK(paths("").value().empty());
  CHECK(paths(raw_tar({})).value().empty());
  CHECK(paths(stored_gzip(raw_tar({}))).value().empty());
}

TEST_CASE("TarReader: hostile names are integrity errors") {
  CHECK(message(raw_tar({{.name = "../x"}})) == "the entry name `../x` climbs out with `..`");
  CHECK(message(raw_tar({{.name = "/etc/shadow"}})) == "the entry name `/etc/shadow` is absolute");
  CHECK(message(raw_tar({pax({{"path", "a\nb"}}), {.name = "a"}})) ==
        "the entry name `a\\x0ab` holds a control character");
  CHECK(message(raw_tar({hardlink("h", "../../etc/shadow")})) ==
        "the entry name `../../etc/shadow` climbs out with `..`");
  const std::string long_name(5000, 'n');
  CHECK(message(raw_tar({pax({{"path", long_name}}), {.name = "a"}}))
            .ends_with("…` is longer than 4096 bytes"));
}

TEST_CASE("TarReader: damage is an integrity error") {
  const std::string tar =
      raw_tar({{.name = "a", .content = std::string(3000, 'x')}, {.name = "b"}});
  CHECK(message("this is no tar at all, and long enough" + std::string(1000, '.')) ==
        "the tar is damaged: Unrecognized archive format");
  const std::vector<std::pair<std::string, std::string>> cut = {
      {"in a header", tar.substr(0, 300)},
      {"in data", tar.substr(0, 2000)},
      {"in the second header", tar.substr(0, 512 * 7 + 100)},
      {"gzip", stored_gzip(tar).substr(0, 2500)},
      {"zstd", stored_zstd(tar).substr(0, 2500)},
      {"a size beyond the end", raw_tar({{.name = "a", .content = "x", .false_size = 1 << 20}})}};
  for (const auto& [where, bytes] : cut) {
    CAPTURE(where);
    const auto read = read_tar(bytes);
    REQUIRE_FALSE(read);
    CHECK(read.error().kind() == ErrorKind::integrity);
    CHECK_FALSE(paths(bytes));
  }
  std::string flipped = tar;
  flipped[100] = '7';
  CHECK_FALSE(read_tar(flipped));
}

TEST_CASE("TarReader: limits") {
  const std::string tar =
      raw_tar({{.name = "a", .content = std::string(300'000, 'x')}, {.name = "b"}});
  CHECK(message(tar, {.output_bytes = 1000, .expansion = 0}) == "no error");
  CHECK(message(stored_gzip(tar), {.output_bytes = 1000, .expansion = 2}) == "no error");
  const std::string text = message(stored_gzip(tar), {.output_bytes = 1000, .expansion = 0});
  CHECK(text.starts_with("the tar unpacks to more than 1000 bytes from "));
  CHECK_FALSE(paths(stored_gzip(tar), {.output_bytes = 1000, .expansion = 0}));
  CHECK(message(tar, {.entries = 1}) == "the tar holds more than 1 entries");
}

TEST_CASE("TarReader: reads its source to the end, so that a digest is checked") {
  const std::string tar =
      raw_tar({{.name = "a", .content = "x"}}) + std::string(1 << 20, '\0') + "tail";
  const auto read_with = [&](const digest::Digest& expected) {
    digest::VerifyingSource source(std::make_unique<io::MemorySource>(tar), expected, tar.size(),
                                   "layer x");
    auto reader = TarReader::open(source).value();
    REQUIRE(reader.next().value());
    return reader.next();
  };
  CHECK(read_with(digest::digest_of(tar)).value() == std::nullopt);
  const auto wrong = read_with(digest::digest_of("else"));
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().kind() == ErrorKind::integrity);
}

TEST_CASE("TarReader: an error of the source comes through") {
  class Failing final : public io::ByteSource {
   public:
    explicit Failing(std::string head) : head_(std::move(head)) {}
    Result<std::size_t> read(std::span<std::byte> buffer) override {
      TRY_ASSIGN(const std::size_t count, head_.read(buffer));
      if (count == 0) return fail(Error(ErrorKind::network, "the line went dead"));
      return count;
    }

   private:
    io::MemorySource head_;
  };
  Failing source(raw_tar_open({{.name = "a", .content = "x"}}));
  auto reader = TarReader::open(source).value();
  REQUIRE(reader.next().value());
  const auto result = reader.next();
  REQUIRE_FALSE(result);
  CHECK(result.error().kind() == ErrorKind::network);
  CHECK(result.error().message() == "the line went dead");
}

TEST_CASE("TarReader: open_file reads in place and refuses compressed files") {
  const auto directory_of_test = io::TempDir::create().value();
  const auto file = directory_of_test.path() / "a.tar";
  const std::string tar = raw_tar(
      {{.name = "a", .content = std::string(3'000'000, 'x')}, {.name = "b", .content = "second"}});
  REQUIRE(io::write_atomically(file, tar));
  auto reader = TarReader::open_file(file).value();
  REQUIRE(reader.next().value());
  const auto second = reader.next().value().value();
  CHECK(second.path == "b");
  CHECK(tar.substr(second.data_offset, 6) == "second");
  EntrySource content(reader);
  CHECK(io::read_all(content, 100).value() == "second");
  CHECK(reader.next().value() == std::nullopt);

  REQUIRE(io::write_atomically(file, stored_gzip(tar)));
  const auto compressed = TarReader::open_file(file);
  REQUIRE_FALSE(compressed);
  CHECK(compressed.error().message() == file.string() + " is compressed");

  REQUIRE(io::write_atomically(file, tar.substr(0, 1'000'000)));
  auto cut = TarReader::open_file(file).value();
  REQUIRE(cut.next().value());
  CHECK_FALSE(cut.next());
}

}  // namespace
}  // namespace cogbuild::archive
