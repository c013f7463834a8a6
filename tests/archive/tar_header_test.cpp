#include <cogbuild/archive/tar_header.hpp>

#include <doctest/doctest.h>

#include <string>

using cogbuild::archive::tar_header;
using cogbuild::archive::TarHeader;
using cogbuild::archive::TarType;

namespace {

std::string field(const std::string& header, std::size_t offset, std::size_t width) {
  const std::string raw = header.substr(offset, width);
  return raw.substr(0, raw.find('\0'));
}

bool checksum_fits(const std::string& block) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < 512; ++i)
    sum += i >= 148 && i < 156 ? 32U : static_cast<unsigned char>(block[i]);
  return std::stoul(block.substr(148, 6), nullptr, 8) == sum;
}

}  // namespace

TEST_CASE("tar_header: a small file is one ustar block") {
  const std::string header = tar_header(
      {.path = "src/run.py", .mode = 0644, .size_bytes = 11, .mtime_seconds = 315532800});
  REQUIRE(header.size() == 512);
  CHECK(field(header, 0, 100) == "src/run.py");
  CHECK(field(header, 100, 8) == "0000644");
  CHECK(field(header, 108, 8) == "0000000");
  CHECK(field(header, 124, 12) == "00000000013");
  CHECK(field(header, 136, 12) == "02263523000");
  CHECK(header[156] == '0');
  CHECK(header.substr(257, 8) == std::string("ustar\00000", 8));
  CHECK(field(header, 265, 32).empty());
  CHECK(checksum_fits(header));
}

TEST_CASE("tar_header: directories get their slash and no size") {
  const std::string header =
      tar_header({.path = "src", .type = TarType::directory, .mode = 0755, .size_bytes = 99});
  CHECK(field(header, 0, 100) == "src/");
  CHECK(header[156] == '5');
  CHECK(field(header, 124, 12) == "00000000000");
}

TEST_CASE("tar_header: a long path is split at a slash where it fits") {
  const std::string directory = std::string(60, 'a') + "/" + std::string(60, 'b');
  const std::string header = tar_header({.path = directory + "/file"});
  REQUIRE(header.size() == 512);
  CHECK(field(header, 345, 155) + "/" + field(header, 0, 100) == directory + "/file");
}

TEST_CASE("tar_header: a directory whose path has exactly 101 bytes with its slash") {
  const std::string path = std::string(50, 'a') + "/" + std::string(49, 'b');
  REQUIRE(path.size() == 100);
  const std::string header = tar_header({.path = path, .type = TarType::directory});
  REQUIRE(header.size() == 512);
  CHECK(field(header, 345, 155) == std::string(50, 'a'));
  CHECK(field(header, 0, 100) == std::string(49, 'b') + "/");
}

TEST_CASE("tar_header: what ustar cannot say goes into a PAX record") {
  const std::string path = "src/" + std::string(200, 'n');
  const std::string header = tar_header({.path = path, .size_bytes = 1});
  REQUIRE(header.size() == 3 * 512);
  CHECK(header[156] == 'x');
  CHECK(checksum_fits(header));
  CHECK(checksum_fits(header.substr(1024)));
  CHECK(field(header, 512, 512) == "214 path=" + path + "\n");

  const std::string large = tar_header({.path = "w", .size_bytes = 8589934592});
  CHECK(field(large, 512, 512) == "19 size=8589934592\n");
  const std::string link =
      tar_header({.path = "l", .type = TarType::symlink, .link_target = std::string(101, 't')});
  CHECK(field(link, 512, 512) == "115 linkpath=" + std::string(101, 't') + "\n");
  const std::string owner = tar_header({.path = "o", .uid = 2097152});
  CHECK(field(owner, 512, 512) == "15 uid=2097152\n");
}

TEST_CASE("tar_header: a capability is an extended attribute of its bytes") {
  const std::string value("\x01\x00\x00\x02\x00\x20\x00\x00", 8);
  const std::string header = tar_header({.path = "ping", .mode = 0755, .capability = value});
  REQUIRE(header.size() == 3 * 512);
  CHECK(header.substr(512, 46) ==
        "45 SCHILY.xattr.security.capability=" + value + "\n" + std::string(1, '\0'));
}

TEST_CASE("tar_header: the largest size that ustar holds needs no record") {
  CHECK(tar_header({.path = "w", .size_bytes = 8589934591}).size() == 512);
}

TEST_CASE("tar_padding: fills the last block") {
  CHECK(cogbuild::archive::tar_padding(0).empty());
  CHECK(cogbuild::archive::tar_padding(1).size() == 511);
  CHECK(cogbuild::archive::tar_padding(512).empty());
  CHECK(cogbuild::archive::tar_end().size() == 1024);
}
