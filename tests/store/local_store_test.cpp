#include "restricted.hpp"

#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/io/file.hpp>
#include <cogbuild/store/local_store.hpp>

#include <doctest/doctest.h>

#include <fcntl.h>
#include <filesystem>
#include <string>
#include <sys/stat.h>

using namespace cogbuild;
using store::LocalStore;
using store::Table;
namespace fs = std::filesystem;

TEST_CASE("local store: makes its root and keeps both halves") {
  const auto directory = *io::TempDir::create();
  const auto root = directory.path() / "a" / "cache";
  digest::Digest blob;
  {
    const auto opened = LocalStore::open(root);
    REQUIRE(opened);
    blob = *store::put(*opened->blobs, "hello");
    CHECK(opened->keys->put(Table::tag, "name", to_string(blob)));
  }
  const auto again = LocalStore::open(root);
  REQUIRE(again);
  CHECK(again->keys->get(Table::tag, "name") == to_string(blob));
  CHECK(store::get(*again->blobs, blob, 10) == "hello");
  CHECK(io::read_file(root / "CACHEDIR.TAG")
            ->starts_with("Signature: 8a477f597d28d172789f06886806bc55\n"));
}

TEST_CASE("local store: temporary files older than a day are removed, younger ones stay") {
  const auto directory = *io::TempDir::create();
  fs::create_directories(directory.path() / "tmp" / "folder");
  REQUIRE(io::write_atomically(directory.path() / "tmp" / "blob-old", "x"));
  REQUIRE(io::write_atomically(directory.path() / "tmp" / "blob-new", "x"));
  const auto now = clock::SystemClock().now();
  const auto age = std::chrono::hours(25);
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>((now - age).time_since_epoch()).count();
  const timespec times[2] = {{.tv_sec = seconds, .tv_nsec = 0}, {.tv_sec = seconds, .tv_nsec = 0}};
  REQUIRE(::utimensat(AT_FDCWD, (directory.path() / "tmp" / "blob-old").c_str(), times, 0) == 0);
  REQUIRE(LocalStore::open(directory.path()));
  CHECK(!fs::exists(directory.path() / "tmp" / "blob-old"));
  CHECK(fs::exists(directory.path() / "tmp" / "blob-new"));
  CHECK(fs::exists(directory.path() / "tmp" / "folder"));
}

TEST_CASE("local store: a root that cannot be made is an error that says where to go") {
  const auto directory = *io::TempDir::create();
  fs::permissions(directory.path(), fs::perms(0555));
  const AsNobody nobody;
  const auto root = directory.path() / "cache";
  const auto opened = LocalStore::open(root);
  REQUIRE(!opened);
  CHECK(render(opened.error()) == "error: cannot write to the cache " + root.string() +
                                      ": Permission denied\n"
                                      "hint: set COGBUILD_CACHE_DIR to a directory that can be "
                                      "written\n");
}

TEST_CASE("local store: a root that is a file is an error") {
  const auto directory = *io::TempDir::create();
  REQUIRE(io::write_atomically(directory.path() / "cache", "x"));
  const auto opened = LocalStore::open(directory.path() / "cache");
  REQUIRE(!opened);
  CHECK(opened.error().message().starts_with("cannot write to the cache "));
}

TEST_CASE("local store: a read-only root serves reads") {
  const auto directory = *io::TempDir::create();
  digest::Digest blob;
  {
    const auto opened = LocalStore::open(directory.path());
    REQUIRE(opened);
    blob = *store::put(*opened->blobs, "hello");
    CHECK(opened->keys->put(Table::tag, "name", "x"));
  }
  for (const auto& path : {directory.path() / "tmp", directory.path()})
    fs::permissions(path, fs::perms(0555));
  {
    const AsNobody nobody;
    const auto opened = LocalStore::open(directory.path());
    REQUIRE(opened);
    CHECK(opened->keys->get(Table::tag, "name") == "x");
    CHECK(store::get(*opened->blobs, blob, 10) == "hello");
    CHECK(!opened->blobs->create());
  }
  for (const auto& path : {directory.path(), directory.path() / "tmp"})
    fs::permissions(path, fs::perms(0755));
}
