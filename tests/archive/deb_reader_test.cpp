#include "support/raw_deb.hpp"
#include "support/raw_tar.hpp"

#include <cogbuild/archive/deb_reader.hpp>
#include <cogbuild/io/file.hpp>

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace cogbuild;
using test::raw_ar;
using test::raw_deb;
using test::raw_tar;

namespace {

using Files = std::vector<std::pair<std::string, std::string>>;

struct Deb {
  io::TempDir directory = *io::TempDir::create();
  std::filesystem::path path = directory.path() / "demo.deb";

  explicit Deb(const std::string& bytes) { REQUIRE(io::write_atomically(path, bytes)); }
  [[nodiscard]] Result<archive::DebReader> open() const { return archive::DebReader::open(path); }
};

const std::string kControl =
    raw_tar({test::directory("./"),
             {.name = "./postinst", .content = "#!/bin/sh\n", .mode = 0755},
             {.name = "./control", .content = "Package: demo\n"}});
const std::string kData = raw_tar({test::directory("./"),
                                   test::directory("./usr/"),
                                   {.name = "./usr/a", .content = "content"},
                                   test::hardlink("./usr/b", "./usr/a")});

// Everything that reading a package to its end yields.
Result<Files> read(const std::string& bytes) {
  const Deb deb(bytes);
  TRY_ASSIGN(auto reader, deb.open());
  TRY_ASSIGN(auto files, reader.control());
  TRY_ASSIGN(auto tar, reader.data());
  for (;;) {
    TRY_ASSIGN(const auto entry, tar.next());
    if (!entry) return files;
    archive::EntrySource source(tar);
    TRY_ASSIGN(auto content, io::read_all(source, 1 << 20));
    files.emplace_back(entry->path + ">" + entry->link_target, std::move(content));
  }
}

std::string message(const std::string& bytes) {
  const auto result = read(bytes);
  return result ? "no error" : result.error().message();
}

}  // namespace

TEST_CASE("DebReader: control files by name, then the entries of the data archive") {
  const Files expected = {
      {"control", "Package: demo\n"}, {"postinst", "#!/bin/sh\n"}, {">", ""}, {"usr>", ""},
      {"usr/a>", "content"},          {"usr/b>usr/a", ""}};
  CHECK(*read(raw_deb(kControl, kData)) == expected);
  CHECK(*read(raw_ar({{"debian-binary", "2.1\nmore\n"},
                      {"_gpgorigin", "x"},
                      {"control.tar.gz", test::stored_gzip(kControl)},
                      {"_other", "xy"},
                      {"data.tar.zst", test::stored_zstd(kData)},
                      {"later", "z"}})) == expected);
  CHECK(*read(raw_ar(
            {{"debian-binary/", "2.0\n"}, {"control.tar/", kControl}, {"data.tar/", kData}})) ==
        expected);
}

TEST_CASE("DebReader: what is no package of format 2 is refused, and why") {
  struct Row {
    std::string bytes;
    const char* message;
  };
  for (const Row& row : {
           Row{"", "demo.deb is no package: it is no ar archive"},
           {"PK\x03\x04 whatever", "demo.deb is no package: it is no ar archive"},
           {"!<arch>\n", "demo.deb is no package: it is cut short"},
           {raw_ar({{"control.tar", kControl}}),
            "demo.deb is no package: it does not begin with `debian-binary`"},
           {raw_ar({{"debian-binary", "3.0\n"}}),
            "demo.deb is a package of format 3.0, and only 2.x is known"},
           {raw_ar({{"debian-binary", "\x1b[2J"}}),
            "demo.deb is a package of format ?, and only 2.x is known"},
           {raw_ar({{"debian-binary", "2.0\n"}}), "demo.deb is no package: it is cut short"},
           {raw_ar({{"debian-binary", "2.0\n"}, {"data.tar", kData}, {"control.tar", kControl}}),
            "demo.deb is no package: `control.tar` is missing"},
           {raw_ar({{"debian-binary", "2.0\n"}, {"control.tar", kControl}, {"x", ""}}),
            "demo.deb is no package: `data.tar` is missing"},
           {raw_ar({{"debian-binary", "2.0\n"}, {"control.tar.lz4", ""}}),
            "demo.deb holds `control.tar.lz4`, whose compression is not known"},
           {raw_deb(raw_tar({test::symlink("./postinst", "/bin/true")}), kData),
            "demo.deb is no package: `postinst` among its control files is no file"},
           {raw_deb(raw_tar({{.name = "./a/b", .content = ""}}), kData),
            "demo.deb is no package: `a/b` among its control files is no file"},
           {raw_deb(raw_tar({{.name = "./a"}, {.name = "a"}}), kData),
            "demo.deb is no package: its control file `a` is there twice"},
           {raw_deb(raw_tar({{.name = "./a", .content = std::string(20 << 20, ' ')}}), kData),
            "demo.deb is no package: its control files take more than 16777216 bytes"},
           {raw_deb(kControl, raw_tar({{.name = "../../etc/passwd"}})),
            "the entry name `../../etc/passwd` climbs out with `..`"},
           {raw_deb(kControl, raw_tar({{.name = "/etc/passwd"}})),
            "the entry name `/etc/passwd` is absolute"},
           {raw_deb(kControl, raw_tar({test::hardlink("./a", "/etc/shadow")})),
            "the entry name `/etc/shadow` is absolute"},
       }) {
    CAPTURE(row.message);
    CHECK(message(row.bytes) == row.message);
  }
}

TEST_CASE("DebReader: a damaged header of a member is refused") {
  std::string bytes = raw_deb(kControl, kData);
  bytes[8 + 48] = '-';
  CHECK(message(bytes) == "demo.deb is no package: a member of the archive has a damaged header");
  bytes = raw_deb(kControl, kData);
  bytes.replace(8 + 48, 10, "9999999999");
  CHECK(message(bytes) == "demo.deb is no package: `debian-binary` is cut short");
}

TEST_CASE("DebReader: a package cut anywhere is an integrity error") {
  const std::string whole = raw_ar({{"debian-binary", "2.0\n"},
                                    {"control.tar.gz", test::stored_gzip(kControl)},
                                    {"data.tar.gz", test::stored_gzip(kData)}});
  for (std::size_t length = 0; length < whole.size(); length += 37) {
    const auto result = read(whole.substr(0, length));
    CAPTURE(length);
    REQUIRE_FALSE(result);
    CHECK(result.error().kind() == ErrorKind::integrity);
  }
}
