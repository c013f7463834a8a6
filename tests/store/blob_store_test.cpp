#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/io/bytes.hpp>
#include <cogbuild/io/file.hpp>
#include <cogbuild/store/blob_store.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

using namespace cogbuild;

namespace {

struct Disk {
  io::TempDir directory = *io::TempDir::create();
  store::DiskBlobStore blobs{directory.path() / "cache"};
};
struct Memory {
  store::MemoryBlobStore blobs{};
};

std::string read(store::BlobStore& blobs, const digest::Digest& blob, std::uint64_t offset,
                 std::uint64_t size) {
  const auto source = blobs.open(blob, offset, size);
  if (!source) return "error: " + source.error().message();
  const auto content = io::read_all(**source, 1'000'000);
  return content ? *content : "error: " + content.error().message();
}

const digest::Digest kAbsent = digest::digest_of("never stored");

}  // namespace

// The contract of the seam: what holds for every implementation.
TEST_CASE_TEMPLATE("blob store: keeps content under its digest", Kind, Disk, Memory) {
  Kind kind;
  auto& blobs = kind.blobs;
  const auto blob = store::put(blobs, "hello");
  REQUIRE(blob);
  CHECK(*blob == digest::digest_of("hello"));
  CHECK(blobs.contains(*blob) == true);
  CHECK(blobs.size_bytes(*blob) == 5);
  CHECK(store::get(blobs, *blob, 5) == "hello");
  const auto file = blobs.file(*blob);
  REQUIRE(file);
  CHECK(io::read_file(*file) == "hello");
  CHECK(blobs.file(*blob) == *file);
}

TEST_CASE_TEMPLATE("blob store: an empty blob is a blob", Kind, Disk, Memory) {
  Kind kind;
  const auto blob = store::put(kind.blobs, "");
  REQUIRE(blob);
  CHECK(kind.blobs.size_bytes(*blob) == 0);
  CHECK(read(kind.blobs, *blob, 0, 0) == "");
  CHECK(store::get(kind.blobs, *blob, 0) == "");
}

TEST_CASE_TEMPLATE("blob store: what is absent is not found", Kind, Disk, Memory) {
  Kind kind;
  auto& blobs = kind.blobs;
  const auto check = [](const auto& result) {
    REQUIRE(!result);
    CHECK(result.error().kind() == ErrorKind::not_found);
    CHECK(result.error().message() == "blob " + to_string(kAbsent) + " is not in the cache");
  };
  CHECK(blobs.contains(kAbsent) == false);
  check(blobs.size_bytes(kAbsent));
  check(blobs.written_at(kAbsent));
  check(blobs.open(kAbsent, 0, 0));
  check(blobs.file(kAbsent));
  check(store::get(blobs, kAbsent, 10));
  CHECK(blobs.remove(kAbsent));
  CHECK(blobs.list()->empty());
}

TEST_CASE_TEMPLATE("blob store: opens any range and no other", Kind, Disk, Memory) {
  Kind kind;
  const auto blob = *store::put(kind.blobs, "0123456789");
  CHECK(read(kind.blobs, blob, 0, 10) == "0123456789");
  CHECK(read(kind.blobs, blob, 3, 4) == "3456");
  CHECK(read(kind.blobs, blob, 10, 0) == "");
  for (const auto& [offset, size] : {std::pair<std::uint64_t, std::uint64_t>{0, 11},
                                     {11, 0},
                                     {9, 2},
                                     {1, ~std::uint64_t{0}},
                                     {~std::uint64_t{0}, 2}}) {
    const auto source = kind.blobs.open(blob, offset, size);
    REQUIRE(!source);
    CHECK(source.error().kind() == ErrorKind::integrity);
    CHECK(source.error().message() == "blob " + to_string(blob) + " has 10 bytes, asked for " +
                                          std::to_string(size) + " at " + std::to_string(offset));
  }
}

TEST_CASE_TEMPLATE("blob store: nothing is seen before commit, nothing stays without", Kind, Disk,
                   Memory) {
  Kind kind;
  {
    const auto writer = kind.blobs.create();
    REQUIRE(writer);
    CHECK((*writer)->write(io::bytes("hello")));
    CHECK(kind.blobs.list()->empty());
  }
  CHECK(kind.blobs.list()->empty());
}

TEST_CASE_TEMPLATE("blob store: another digest than expected is refused", Kind, Disk, Memory) {
  Kind kind;
  {
    const auto writer = *kind.blobs.create();
    CHECK(writer->write(io::bytes("hello")));
    const auto committed = writer->commit(kAbsent);
    REQUIRE(!committed);
    CHECK(committed.error().kind() == ErrorKind::integrity);
    CHECK(committed.error().message() == "content has digest " +
                                             to_string(digest::digest_of("hello")) + ", expected " +
                                             to_string(kAbsent));
  }
  CHECK(kind.blobs.list()->empty());
  const auto writer = *kind.blobs.create();
  CHECK(writer->write(io::bytes("hello")));
  CHECK(writer->commit(digest::digest_of("hello")) == digest::digest_of("hello"));
}

TEST_CASE_TEMPLATE("blob store: committing a blob again changes nothing but its time", Kind, Disk,
                   Memory) {
  Kind kind;
  const auto first = *store::put(kind.blobs, "same");
  const auto written = *kind.blobs.written_at(first);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  CHECK(store::put(kind.blobs, "same") == first);
  CHECK(*kind.blobs.written_at(first) > written);
  CHECK(kind.blobs.list()->size() == 1);
}

TEST_CASE("disk blob store: committing again makes a damaged blob whole") {
  Disk disk;
  const auto blob = *store::put(disk.blobs, "right");
  const auto file = *disk.blobs.file(blob);
  std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  std::ofstream(file) << "wrong";
  REQUIRE(store::get(disk.blobs, blob, 10) == "wrong");
  CHECK(store::put(disk.blobs, "right") == blob);
  CHECK(store::get(disk.blobs, blob, 10) == "right");
}

TEST_CASE_TEMPLATE("blob store: lists by digest, removes, and leaves open sources readable", Kind,
                   Disk, Memory) {
  Kind kind;
  std::vector<std::pair<digest::Digest, std::uint64_t>> expected;
  for (const std::string content : {"a", "bb", "ccc", "dddd"})
    expected.emplace_back(*store::put(kind.blobs, content), content.size());
  std::ranges::sort(expected);
  CHECK(*kind.blobs.list() == expected);

  const auto blob = expected.front().first;
  const auto source = *kind.blobs.open(blob, 0, expected.front().second);
  CHECK(kind.blobs.remove(blob));
  CHECK(kind.blobs.contains(blob) == false);
  CHECK(digest::digest_of(*io::read_all(*source, 10)) == blob);
  expected.erase(expected.begin());
  CHECK(*kind.blobs.list() == expected);
}

TEST_CASE_TEMPLATE("blob store: get refuses more than its limit", Kind, Disk, Memory) {
  Kind kind;
  const auto blob = *store::put(kind.blobs, "hello");
  const auto content = store::get(kind.blobs, blob, 4);
  REQUIRE(!content);
  CHECK(content.error().message() ==
        "blob " + to_string(blob) + " has 5 bytes, more than the limit of 4");
}

TEST_CASE_TEMPLATE("blob store: threads may commit the same blobs at once", Kind, Disk, Memory) {
  Kind kind;
  std::vector<std::jthread> threads;
  std::array<bool, 4> done{};
  for (std::size_t t = 0; t < done.size(); ++t)
    threads.emplace_back([&kind, &done, t] {
      bool ok = true;
      for (int i = 0; i < 20; ++i) {
        const auto content = std::string(1000, 'x') + std::to_string(i);
        ok = ok && store::put(kind.blobs, content) == digest::digest_of(content);
      }
      done[t] = ok;
    });
  threads.clear();
  for (const bool ok : done) CHECK(ok);
  CHECK(kind.blobs.list()->size() == 20);
}
