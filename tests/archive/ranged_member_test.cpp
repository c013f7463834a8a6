#include "support/zip_builder.hpp"

#include <cogbuild/archive/ranged_member.hpp>
#include <cogbuild/archive/zip_directory.hpp>
#include <cogbuild/io/file.hpp>

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace cogbuild;
using test::ZipBuilder;

namespace {

// An archive in memory that counts what is asked of it.
struct Far {
  std::string bytes{};
  std::vector<std::pair<std::uint64_t, std::uint64_t>> asked{};

  Result<std::string> read(const std::string& name, std::uint64_t limit_bytes = 1 << 20) {
    asked.clear();
    return archive::read_ranged_member(
        {.name = "x.whl",
         .size_bytes = bytes.size(),
         .read = [this](std::uint64_t offset, std::uint64_t size) -> Result<std::string> {
           REQUIRE(offset + size <= bytes.size());
           asked.emplace_back(offset, size);
           return bytes.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(size));
         }},
        [&](std::string_view member) { return member == name; }, limit_bytes);
  }
  std::string error(const std::string& name) {
    const auto content = read(name);
    REQUIRE(!content);
    return content.error().message();
  }
};

}  // namespace

TEST_CASE("read_ranged_member: reads what ZipDirectory reads, deflated, stored or empty") {
  const auto bytes = ZipBuilder()
                         .add("a/big", test::noise(100'000, 1))
                         .add("a/text", std::string(5'000, 'x'))
                         .add({.name = "a/stored", .content = "as it is", .deflate = false})
                         .add("a/empty", "")
                         .bytes();
  const auto directory = io::TempDir::create().value();
  const auto path = test::write_file(directory.path() / "x.zip", bytes);
  const auto zip = archive::ZipDirectory::open(path, "x.zip").value();
  Far far{.bytes = bytes};
  for (const auto& member : zip.members()) {
    CAPTURE(member.name);
    const auto content = far.read(member.name);
    REQUIRE_MESSAGE(content, (content ? "" : render(content.error())));
    CHECK(*content == zip.read(member, 1 << 20).value());
    CHECK(far.asked.size() == 3);  // the end, the directory, the member
  }
}

TEST_CASE("read_ranged_member: a long comment costs a second look at the end") {
  Far far{.bytes = ZipBuilder().add("a", "content").bytes(std::string(20'000, 'c'))};
  CHECK(far.read("a").value() == "content");
  CHECK(far.asked.size() == 4);
}

TEST_CASE("read_ranged_member: asks for little of a large archive") {
  ZipBuilder builder;
  builder.add("a/big", test::noise(3'000'000, 1)).add("b/METADATA", std::string(3'000, 'm'));
  Far far{.bytes = builder.bytes()};
  REQUIRE(far.read("b/METADATA"));
  std::uint64_t total = 0;
  for (const auto& [offset, size] : far.asked) total += size;
  CHECK(total < archive::kEndTailBytes + 1'000);
}

TEST_CASE("read_ranged_member: refuses what ZipDirectory refuses") {
  const auto far = [](ZipBuilder::Member member) {
    return Far{.bytes = ZipBuilder().add(std::move(member)).add("z", "last").bytes()};
  };
  CHECK(Far{.bytes = "PK"}.error("a") == "x.whl is a damaged zip archive: it is too short");
  CHECK(far({.name = "b"}).error("a") == "x.whl does not hold what is looked for");
  CHECK(far({.name = "a", .content = "12345", .claimed_crc = 7}).error("a") ==
        "`a` in x.whl does not have the size and CRC-32 of the directory");
  CHECK(far({.name = "a", .content = "12345", .local_name = "b"}).error("a") ==
        "x.whl is a damaged zip archive: the local header of `a` differs from the directory");
  CHECK(far({.name = "a", .content = "12345", .claimed_size = 4})
            .error("a")
            .starts_with("`a` in x.whl is damaged: "));
  CHECK(far({.name = "a", .content = "x", .claimed_size = 1 << 30})
            .error("a")
            .ends_with(": a zip bomb"));
  CHECK(far({.name = "../a"}).error("z").starts_with("x.whl holds a file whose name is refused"));
  CHECK(far({.name = "a", .flags = 1}).error("a") == "`a` in x.whl is encrypted");
  CHECK(Far{.bytes = ZipBuilder().add("a", "1").add("a", "2").bytes()}.error("a") ==
        "x.whl holds `a` and `a`");
  CHECK(Far{.bytes = ZipBuilder().add("a", "1").bytes() + "tail"}.error("a") ==
        "x.whl is a damaged zip archive: no end record at its end (truncated, or data behind it)");
  CHECK(Far{.bytes = ZipBuilder().add("a", std::string(100, 'x')).bytes()}
            .read("a", 99)
            .error()
            .message() == "`a` in x.whl is larger than the limit of 99 bytes");
}

TEST_CASE("read_ranged_member: any cut or flipped byte is an error or changes nothing") {
  const std::string content = "Name: x\nVersion: 1\n";
  const auto bytes = ZipBuilder().add("a", content).add("b", "other").bytes();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    CAPTURE(i);
    Far flipped{.bytes = bytes};
    flipped.bytes[i] = static_cast<char>(flipped.bytes[i] ^ 0x41);
    if (const auto read = flipped.read("a")) CHECK(*read == content);
    CHECK(!Far{.bytes = bytes.substr(0, i)}.read("a"));
  }
}

TEST_CASE("read_ranged_member: an error of the reader is handed on") {
  const auto content = archive::read_ranged_member(
      {.name = "x.whl",
       .size_bytes = 100,
       .read = [](std::uint64_t, std::uint64_t) -> Result<std::string> {
         return fail(Error(ErrorKind::network, "gone"));
       }},
      [](std::string_view) { return true; }, 100);
  REQUIRE(!content);
  CHECK(content.error().kind() == ErrorKind::network);
}
