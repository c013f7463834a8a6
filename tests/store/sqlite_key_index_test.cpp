#include "restricted.hpp"

#include <cogbuild/io/file.hpp>
#include <cogbuild/store/key_index.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace cogbuild;
using store::SqliteKeyIndex;
using store::Table;
namespace fs = std::filesystem;

namespace {

struct Fixture {
  io::TempDir directory = *io::TempDir::create();
  fs::path file = directory.path() / "index.sqlite";
  Fixture() { fs::permissions(directory.path(), fs::perms(0755)); }
  [[nodiscard]] std::unique_ptr<SqliteKeyIndex> open() const {
    auto index = SqliteKeyIndex::open(file);
    REQUIRE_MESSAGE(index, (index ? "" : render(index.error())));
    return *std::move(index);
  }
  [[nodiscard]] fs::path aside() const { return file.native() + ".set-aside"; }
};

void overwrite(const fs::path& file, std::streamoff offset, const std::string& bytes) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekp(offset);
  stream << bytes;
  REQUIRE(stream.good());
}

}  // namespace

TEST_CASE("sqlite key index: entries outlive the process") {
  const Fixture fixture;
  CHECK(fixture.open()->put(Table::tag, "a", "1"));
  CHECK(fixture.open()->get(Table::tag, "a") == "1");
  CHECK(!fs::exists(fixture.aside()));
}

TEST_CASE("sqlite key index: uses are written when it is closed") {
  const Fixture fixture;
  const auto clock = std::make_shared<clock::ManualClock>();
  const auto day = [](int n) { return clock::Time(std::chrono::days(n)); };
  {
    const auto index = *SqliteKeyIndex::open(fixture.file, clock);
    CHECK(index->put_all(Table::tag, {{"a", "1"}, {"b", "1"}}));
  }
  clock->set(day(5));
  CHECK((*SqliteKeyIndex::open(fixture.file, clock))->get(Table::tag, "a") == "1");
  CHECK(*(*SqliteKeyIndex::open(fixture.file, clock))->list_unused(Table::tag, day(5)) ==
        std::vector<std::string>{"b"});
}

TEST_CASE("sqlite key index: opens in a blink") {
  const Fixture fixture;
  CHECK(fixture.open()->put(Table::tag, "a", "1"));
  auto best = std::chrono::nanoseconds::max();
  for (int i = 0; i < 10; ++i) {
    const auto start = std::chrono::steady_clock::now();
    const auto index = fixture.open();
    best = std::min<std::chrono::nanoseconds>(best, std::chrono::steady_clock::now() - start);
  }
  CHECK(best < std::chrono::milliseconds(10));  // instrumented and on a busy machine
}

TEST_CASE("sqlite key index: what is no database is set aside and begun anew") {
  const Fixture fixture;
  SUBCASE("text") { REQUIRE(io::write_atomically(fixture.file, std::string(5000, 'x'))); }
  SUBCASE("a cut header") { REQUIRE(io::write_atomically(fixture.file, "SQLite format 3")); }
  SUBCASE("a damaged header") {
    CHECK(fixture.open()->put(Table::tag, "a", "1"));
    overwrite(fixture.file, 16, std::string(80, '\x7f'));
  }
  const auto index = fixture.open();
  CHECK(index->get(Table::tag, "a") == std::nullopt);
  CHECK(index->put(Table::tag, "a", "2"));
  CHECK(index->get(Table::tag, "a") == "2");
  CHECK(fs::exists(fixture.aside()));
}

TEST_CASE("sqlite key index: damage behind the header is met when it is used, and begun anew") {
  const std::vector<void (*)(const fs::path&)> damages = {
      [](const fs::path& file) {
        overwrite(file, 4096, std::string(fs::file_size(file) - 4096, '\x5a'));
      },
      [](const fs::path& file) { fs::resize_file(file, 8192); },
  };
  const std::vector<bool (*)(SqliteKeyIndex&)> uses = {
      [](SqliteKeyIndex& index) { return *index.get(Table::file, "1500") == std::nullopt; },
      [](SqliteKeyIndex& index) {
        return index.get_many(Table::file, {"1", "1500"})->empty();
      },
      [](SqliteKeyIndex& index) { return index.list(Table::file)->empty(); },
      [](SqliteKeyIndex& index) { return index.put(Table::file, "1500", "new").has_value(); },
      [](SqliteKeyIndex& index) {
        return index.put_all(Table::file, {{"1", "new"}, {"1500", "new"}}).has_value();
      },
  };
  std::vector<std::pair<std::string, std::string>> entries;
  for (int i = 0; i < 2000; ++i) entries.emplace_back(std::to_string(i), std::string(200, 'v'));
  for (std::size_t damage = 0; damage < damages.size(); ++damage)
    for (std::size_t use = 0; use < uses.size(); ++use) {
      CAPTURE(damage);
      CAPTURE(use);
      const Fixture fixture;
      CHECK(fixture.open()->put_all(Table::file, entries));
      damages[damage](fixture.file);
      const auto index = fixture.open();
      CHECK(uses[use](*index));
      CHECK(index->put(Table::file, "after", "1"));
      CHECK(fixture.open()->get(Table::file, "after") == "1");
      CHECK(fs::exists(fixture.aside()));
    }
}

TEST_CASE("sqlite key index: another schema version is set aside") {
  const Fixture fixture;
  CHECK(fixture.open()->put(Table::tag, "a", "1"));
  overwrite(fixture.file, 60, std::string("\0\0\0\x63", 4));  // user_version
  CHECK(fixture.open()->get(Table::tag, "a") == std::nullopt);
  CHECK(fs::exists(fixture.aside()));
  CHECK(fixture.open()->put(Table::tag, "a", "2"));
  CHECK(fixture.open()->get(Table::tag, "a") == "2");
}

TEST_CASE("sqlite key index: an open index goes on when another process set its file aside") {
  const Fixture fixture;
  const auto early = fixture.open();
  CHECK(early->put(Table::tag, "a", "1"));
  fs::rename(fixture.file, fixture.aside());
  fs::remove(fixture.file.native() + "-wal");
  fs::remove(fixture.file.native() + "-shm");
  {
    const auto late = fixture.open();
    CHECK(late->put(Table::tag, "b", "2"));
    CHECK(early->get(Table::tag, "a") == "1");
    CHECK(late->get(Table::tag, "a") == std::nullopt);
  }
  CHECK(fixture.open()->get(Table::tag, "b") == "2");
}

TEST_CASE("sqlite key index: a read-only directory serves reads and says why it takes no writes") {
  const Fixture fixture;
  CHECK(fixture.open()->put(Table::tag, "a", "1"));
  fs::permissions(fixture.file, fs::perms(0444));
  fs::permissions(fixture.directory.path(), fs::perms(0555));
  {
    const AsNobody nobody;
    const auto clock = std::make_shared<clock::ManualClock>();
    clock->set(clock::SystemClock().now() + std::chrono::days(3));  // a read that would be noted
    const auto index = SqliteKeyIndex::open(fixture.file, clock);
    REQUIRE(index);
    CHECK((*index)->get(Table::tag, "a") == "1");
    CHECK((*index)->get_many(Table::tag, {"a"})->size() == 1);
    CHECK((*index)->list(Table::tag)->size() == 1);
    CHECK((*index)->list_unused(Table::tag, clock->now())->size() == 1);
    const auto put = (*index)->put(Table::tag, "b", "2");
    REQUIRE(!put);
    CHECK(render(put.error()) ==
          "error: cannot write to the cache " + fixture.file.string() +
              ": attempt to write a readonly database\n"
              "hint: set COGBUILD_CACHE_DIR to a directory that can be written\n");
    CHECK((*index)->get(Table::tag, "a") == "1");
  }
  fs::permissions(fixture.directory.path(), fs::perms(0755));
}

TEST_CASE("sqlite key index: a read-only directory without an index is an error") {
  const Fixture fixture;
  fs::permissions(fixture.directory.path(), fs::perms(0555));
  {
    const AsNobody nobody;
    const auto index = SqliteKeyIndex::open(fixture.file);
    REQUIRE(!index);
    CHECK(render(index.error()) ==
          "error: cannot write to the cache " + fixture.file.string() +
              ": unable to open database file\n"
              "hint: set COGBUILD_CACHE_DIR to a directory that can be written\n");
  }
  fs::permissions(fixture.directory.path(), fs::perms(0755));
}

TEST_CASE("sqlite key index: a full disk is a clear error and keeps what was there") {
  const Fixture fixture;
  const auto index = fixture.open();
  CHECK(index->put(Table::tag, "a", "1"));
  {
    const FileSizeLimit limit(200'000);
    const auto put = index->put(Table::tag, "big", std::string(1'000'000, 'x'));
    REQUIRE(!put);
    CHECK(put.error().kind() == ErrorKind::io);
    CHECK(put.error().message().starts_with("cannot write to the cache " + fixture.file.string()));
    CHECK(put.error().hints() ==
          std::vector<std::string>{"free some disk space, or set COGBUILD_CACHE_DIR to a "
                                   "directory with more of it"});
    CHECK(index->get(Table::tag, "a") == "1");
  }
  CHECK(index->put(Table::tag, "big", "small"));
  CHECK(fixture.open()->get(Table::tag, "big") == "small");
}

TEST_CASE("sqlite key index: a full file system is a clear error and keeps what was there") {
  const Fixture fixture;
  const auto place = fixture.directory.path() / "small";
  fs::create_directory(place);
  if (::mount("tmpfs", place.c_str(), "tmpfs", 0, "size=1m") != 0) return;  // not permitted here
  {
    const auto index = *SqliteKeyIndex::open(place / "index.sqlite");
    CHECK(index->put(Table::tag, "a", "1"));
    const auto put = index->put(Table::tag, "big", std::string(2'000'000, 'x'));
    REQUIRE(!put);
    CHECK(put.error().message() == "cannot write to the cache " +
                                       (place / "index.sqlite").string() +
                                       ": database or disk is full");
    CHECK(index->get(Table::tag, "a") == "1");
  }
  CHECK((*SqliteKeyIndex::open(place / "index.sqlite"))->get(Table::tag, "a") == "1");
  CHECK(::umount(place.c_str()) == 0);
}

TEST_CASE("sqlite key index: two processes may begin and fill it at once") {
  const Fixture fixture;
  const auto fill = [&](const std::string& name) {
    const auto index = SqliteKeyIndex::open(fixture.file);
    if (!index) return 1;
    for (int i = 0; i < 100; ++i)
      if (!(*index)->put(Table::upload, name + std::to_string(i), name)) return 2;
    return 0;
  };
  std::vector<pid_t> children;
  for (const char* const name : {"a", "b", "c"}) {
    children.push_back(::fork());
    if (children.back() == 0) ::_exit(fill(name));
  }
  for (const pid_t child : children) {
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
  }
  CHECK(fixture.open()->list(Table::upload)->size() == 300);
  CHECK(!fs::exists(fixture.aside()));
}

TEST_CASE("sqlite key index: a kill while writing loses at most the transaction under way") {
  const Fixture fixture;
  for (int round = 0; round < 5; ++round) {
    const pid_t child = ::fork();
    if (child == 0) {
      const auto index = SqliteKeyIndex::open(fixture.file);
      for (int i = 0; index && i < 1'000'000; ++i)
        static_cast<void>((*index)->put_all(
            Table::upload, {{"x" + std::to_string(i), "1"}, {"y" + std::to_string(i), "1"}}));
      ::_exit(0);
    }
    ::usleep(static_cast<useconds_t>(20'000 + 13'000 * round));
    REQUIRE(::kill(child, SIGKILL) == 0);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    const auto index = fixture.open();
    std::size_t first = 0;
    std::size_t second = 0;
    const auto entries = index->list(Table::upload);
    REQUIRE(entries);
    for (const auto& [key, value] : *entries) (key.front() == 'x' ? first : second) += 1;
    CHECK(first == second);
    CHECK(index->put(Table::tag, "a", "1"));
  }
  CHECK(!fs::exists(fixture.aside()));
}
