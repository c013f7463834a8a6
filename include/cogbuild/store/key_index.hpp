#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <cogbuild/error/result.hpp>

namespace cogbuild::store {

// What is looked up by key between runs. Each table maps text to text; what the text means belongs to
// the room that writes it.
enum class Table {
  layer,     // input key of a layer -> realised layer
  recipe,    // blob digest -> recipe
  file,      // path -> stamp and digests of its content
  response,  // URL -> cached HTTP response
  tag,       // image name -> manifest digest
  tree,      // base digest -> tree summary
  lock,      // resolution inputs -> lock
  upload,    // registry repository + blob digest -> seen there (a hint for mounts)
};

// The key half of the local store. Safe from several threads and processes; each call is one
// transaction. Loss of the whole index costs time, never correctness.
class KeyIndex {
 public:
  virtual ~KeyIndex() = default;
  virtual Result<std::optional<std::string>> get(Table table, const std::string& key) const = 0;
  virtual Result<void> put(Table table, const std::string& key, const std::string& value) = 0;
  // All or nothing, in one transaction.
  virtual Result<void> put_all(Table table,
                               const std::vector<std::pair<std::string, std::string>>& entries) = 0;
  virtual Result<void> erase(Table table, const std::string& key) = 0;
  // Sorted by key.
  virtual Result<std::vector<std::pair<std::string, std::string>>> list(Table table) const = 0;
};

class MemoryKeyIndex final : public KeyIndex {
 public:
  Result<std::optional<std::string>> get(Table table, const std::string& key) const override;
  Result<void> put(Table table, const std::string& key, const std::string& value) override;
  Result<void> put_all(Table table,
                       const std::vector<std::pair<std::string, std::string>>& entries) override;
  Result<void> erase(Table table, const std::string& key) override;
  Result<std::vector<std::pair<std::string, std::string>>> list(Table table) const override;

 private:
  mutable std::mutex mutex_{};
  std::map<std::pair<Table, std::string>, std::string> entries_{};
};

// One SQLite database in WAL mode. A database that is damaged or of another schema version is set
// aside (renamed) and begun anew. Where the directory is read-only, reads work if the file exists and
// writes are errors. Error of open: io.
class SqliteKeyIndex final : public KeyIndex {
 public:
  static Result<std::unique_ptr<SqliteKeyIndex>> open(const std::filesystem::path& file);
  ~SqliteKeyIndex() override;
  Result<std::optional<std::string>> get(Table table, const std::string& key) const override;
  Result<void> put(Table table, const std::string& key, const std::string& value) override;
  Result<void> put_all(Table table,
                       const std::vector<std::pair<std::string, std::string>>& entries) override;
  Result<void> erase(Table table, const std::string& key) override;
  Result<std::vector<std::pair<std::string, std::string>>> list(Table table) const override;

 private:
  struct State;
  explicit SqliteKeyIndex(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace cogbuild::store
