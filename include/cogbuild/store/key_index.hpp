#pragma once

#include <cogbuild/clock/clock.hpp>
#include <cogbuild/error/result.hpp>

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cogbuild::store {

// What is looked up by key between runs. Each table maps text to text; what the text means belongs
// to the room that writes it. New tables go to the end: the database keeps the position.
enum class Table {
  layer,     // input key of a layer -> realised layer
  recipe,    // blob digest -> recipe
  file,      // path -> stamp and digests of its content
  response,  // URL -> cached HTTP response
  tag,       // image name -> manifest digest
  tree,      // base digest -> tree summary
  lock,      // resolution inputs -> lock
  upload,    // registry repository + blob digest -> seen there (a hint for mounts)
  deb,       // digest of a .deb and how it is unpacked -> its contents, its part of a layer
};

// The key half of the local store. Safe from several threads and processes; each call is one
// transaction. Loss of the whole index costs time, never correctness. Keys and values are any
// bytes. Each entry remembers, to the day, when it was last read by key or written.
class KeyIndex {
 public:
  virtual ~KeyIndex() = default;
  virtual Result<std::optional<std::string>> get(Table table, const std::string& key) const = 0;
  // The values that are there, by key.
  virtual Result<std::map<std::string, std::string>> get_many(
      Table table, const std::vector<std::string>& keys) const = 0;
  virtual Result<void> put(Table table, const std::string& key, const std::string& value) = 0;
  // All or nothing, in one transaction.
  virtual Result<void> put_all(Table table,
                               const std::vector<std::pair<std::string, std::string>>& entries) = 0;
  virtual Result<void> erase(Table table, const std::string& key) = 0;
  virtual Result<void> erase_all(Table table, const std::vector<std::string>& keys) = 0;
  // Sorted by key. Does not count as use.
  virtual Result<std::vector<std::pair<std::string, std::string>>> list(Table table) const = 0;
  // The keys neither read nor written since the day of `time`, sorted.
  virtual Result<std::vector<std::string>> list_unused(Table table, clock::Time time) const = 0;
};

class MemoryKeyIndex final : public KeyIndex {
 public:
  explicit MemoryKeyIndex(
      std::shared_ptr<const clock::Clock> clock = std::make_shared<clock::SystemClock>())
      : clock_(std::move(clock)) {}
  Result<std::optional<std::string>> get(Table table, const std::string& key) const override;
  Result<std::map<std::string, std::string>> get_many(
      Table table, const std::vector<std::string>& keys) const override;
  Result<void> put(Table table, const std::string& key, const std::string& value) override;
  Result<void> put_all(Table table,
                       const std::vector<std::pair<std::string, std::string>>& entries) override;
  Result<void> erase(Table table, const std::string& key) override;
  Result<void> erase_all(Table table, const std::vector<std::string>& keys) override;
  Result<std::vector<std::pair<std::string, std::string>>> list(Table table) const override;
  Result<std::vector<std::string>> list_unused(Table table, clock::Time time) const override;

 private:
  struct Entry {
    std::string value{};
    mutable std::chrono::sys_days used{};
  };
  [[nodiscard]] std::chrono::sys_days today() const;

  std::shared_ptr<const clock::Clock> clock_;
  mutable std::mutex mutex_{};
  std::map<std::pair<Table, std::string>, Entry> entries_{};
};

// One SQLite database in WAL mode. A database that is damaged or of another schema version is set
// aside (renamed to `<file>.set-aside`, the one before it is lost) and begun anew, at opening or
// when the damage shows. Where the directory is read-only, reads work if the file exists and writes
// are errors. Uses are noted in memory and written when the index is closed. Error of open: io.
class SqliteKeyIndex final : public KeyIndex {
 public:
  static Result<std::unique_ptr<SqliteKeyIndex>> open(
      const std::filesystem::path& file,
      std::shared_ptr<const clock::Clock> clock = std::make_shared<clock::SystemClock>());
  ~SqliteKeyIndex() override;
  SqliteKeyIndex(const SqliteKeyIndex&) = delete;
  SqliteKeyIndex& operator=(const SqliteKeyIndex&) = delete;
  Result<std::optional<std::string>> get(Table table, const std::string& key) const override;
  Result<std::map<std::string, std::string>> get_many(
      Table table, const std::vector<std::string>& keys) const override;
  Result<void> put(Table table, const std::string& key, const std::string& value) override;
  Result<void> put_all(Table table,
                       const std::vector<std::pair<std::string, std::string>>& entries) override;
  Result<void> erase(Table table, const std::string& key) override;
  Result<void> erase_all(Table table, const std::vector<std::string>& keys) override;
  Result<std::vector<std::pair<std::string, std::string>>> list(Table table) const override;
  Result<std::vector<std::string>> list_unused(Table table, clock::Time time) const override;

 private:
  class State;
  explicit SqliteKeyIndex(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace cogbuild::store
