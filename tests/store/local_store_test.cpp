#include "restricted.hpp"

#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/io/bytes.hpp>
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

TEST_CASE("local store: temporary files of killed writers are removed, those being written stay") {
  const auto directory = *io::TempDir::create();
  const auto tmp = directory.path() / "tmp";
  const auto opened = LocalStore::open(directory.path());
  REQUIRE(opened);
  const auto writer = *opened->blobs->create();
  REQUIRE(writer->write(io::bytes("hello")));
  REQUIRE(io::write_atomically(tmp / "blob-killed", "x"));
  fs::create_directories(tmp / "folder");
  fs::create_symlink("/", tmp / "link");
  REQUIRE(LocalStore::open(directory.path()));
  CHECK(!fs::exists(tmp / "blob-killed"));
  CHECK(fs::exists(tmp / "folder"));
  CHECK(fs::is_symlink(tmp / "link"));
  const auto blob = writer->commit();
  REQUIRE(blob);
  CHECK(store::get(*opened->blobs, *blob, 10) == "hello");
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
