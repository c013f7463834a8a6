#include <cogbuild/io/file.hpp>
#include <cogbuild/store/key_index.hpp>

#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

using namespace cogbuild;
using store::Table;

namespace {

using Entries = std::vector<std::pair<std::string, std::string>>;
using Keys = std::vector<std::string>;
using Values = std::map<std::string, std::string>;

struct Sqlite {
  io::TempDir directory = *io::TempDir::create();
  std::shared_ptr<clock::ManualClock> clock = std::make_shared<clock::ManualClock>();
  std::unique_ptr<store::KeyIndex> keys =
      *store::SqliteKeyIndex::open(directory.path() / "index.sqlite", clock);
};
struct Memory {
  std::shared_ptr<clock::ManualClock> clock = std::make_shared<clock::ManualClock>();
  std::unique_ptr<store::KeyIndex> keys = std::make_unique<store::MemoryKeyIndex>(clock);
};

}  // namespace

// The contract of the seam: what holds for every implementation.
TEST_CASE_TEMPLATE("key index: gives back what was put, per table", Kind, Sqlite, Memory) {
  Kind kind;
  auto& keys = *kind.keys;
  CHECK(keys.get(Table::tag, "a") == std::nullopt);
  CHECK(keys.put(Table::tag, "a", "1"));
  CHECK(keys.put(Table::file, "a", "2"));
  CHECK(keys.get(Table::tag, "a") == "1");
  CHECK(keys.get(Table::file, "a") == "2");
  CHECK(keys.get(Table::lock, "a") == std::nullopt);
  CHECK(keys.put(Table::tag, "a", "3"));
  CHECK(keys.get(Table::tag, "a") == "3");
  CHECK(keys.erase(Table::tag, "a"));
  CHECK(keys.erase(Table::tag, "a"));
  CHECK(keys.get(Table::tag, "a") == std::nullopt);
  CHECK(keys.get(Table::file, "a") == "2");
}

TEST_CASE_TEMPLATE("key index: keys and values are any bytes", Kind, Sqlite, Memory) {
  Kind kind;
  std::string every_byte;
  for (int i = 0; i < 256; ++i) every_byte += static_cast<char>(i);
  for (const auto& text :
       {std::string(), every_byte, std::string("a\0b", 3), std::string(3'000'000, 'x')}) {
    CHECK(kind.keys->put(Table::layer, text, text));
    CHECK(kind.keys->get(Table::layer, text) == text);
  }
  CHECK(kind.keys->get(Table::layer, "a") == std::nullopt);
  CHECK(kind.keys->list(Table::layer)->size() == 4);
}

TEST_CASE_TEMPLATE("key index: lists by key, byte for byte", Kind, Sqlite, Memory) {
  Kind kind;
  CHECK(kind.keys->put_all(Table::tree,
                           {{"b", "1"}, {"\xff", "2"}, {"", "3"}, {"B", "4"}, {"b", "5"}}));
  CHECK(kind.keys->put(Table::lock, "c", "6"));
  CHECK(*kind.keys->list(Table::tree) == Entries{{"", "3"}, {"B", "4"}, {"b", "5"}, {"\xff", "2"}});
  CHECK(kind.keys->list(Table::upload)->empty());
}

TEST_CASE_TEMPLATE("key index: gets and erases many at once", Kind, Sqlite, Memory) {
  Kind kind;
  CHECK(kind.keys->put_all(Table::file, {{"a", "1"}, {"b", "2"}, {"c", "3"}}));
  CHECK(kind.keys->get_many(Table::file, {"c", "absent", "a", "a"}) ==
        Values{{"a", "1"}, {"c", "3"}});
  CHECK(kind.keys->get_many(Table::file, {}) == Values{});
  CHECK(kind.keys->erase_all(Table::file, {"a", "absent", "c"}));
  CHECK(kind.keys->put_all(Table::file, {}));
  CHECK(*kind.keys->list(Table::file) == Entries{{"b", "2"}});
}

TEST_CASE_TEMPLATE("key index: knows the day of last use", Kind, Sqlite, Memory) {
  Kind kind;
  const auto day = [](int n) { return clock::Time(std::chrono::days(n)); };
  kind.clock->set(day(10));
  CHECK(kind.keys->put_all(Table::file, {{"got", "1"}, {"many", "1"}, {"put", "1"}, {"old", "1"}}));
  CHECK(*kind.keys->list_unused(Table::file, day(10)) == Keys{});
  CHECK(*kind.keys->list_unused(Table::file, day(11)) == Keys{"got", "many", "old", "put"});
  kind.clock->set(day(20) + std::chrono::hours(7));
  CHECK(kind.keys->get(Table::file, "got"));
  CHECK(kind.keys->get_many(Table::file, {"many"}));
  CHECK(kind.keys->put(Table::file, "put", "2"));
  CHECK(kind.keys->list(Table::file));
  CHECK(*kind.keys->list_unused(Table::file, day(20) + std::chrono::hours(23)) == Keys{"old"});
  CHECK(*kind.keys->list_unused(Table::tag, day(30)) == Keys{});
  kind.clock->set(day(15));
  CHECK(kind.keys->get(Table::file, "got") == "1");
}

TEST_CASE_TEMPLATE("key index: threads may use it at once", Kind, Sqlite, Memory) {
  Kind kind;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&kind, t] {
        for (int i = 0; i < 50; ++i) {
          const auto key = std::to_string(t) + "/" + std::to_string(i);
          static_cast<void>(kind.keys->put(Table::upload, key, key));
          static_cast<void>(kind.keys->get(Table::upload, key));
        }
      });
  }
  const auto entries = *kind.keys->list(Table::upload);
  CHECK(entries.size() == 200);
  for (const auto& [key, value] : entries) CHECK(key == value);
}
