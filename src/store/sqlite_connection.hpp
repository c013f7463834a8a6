#pragma once

#include <cogbuild/error/result.hpp>

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string_view>

namespace cogbuild::store {

// An open SQLite database and its prepared statements. Errors: integrity (the database is damaged),
// io (anything else, with a hint).
class Connection {
 public:
  enum class Access {
    write,      // makes the file when it is missing; falls back to reading when it is protected
    read_only,  // for directories where nothing can be written: no lock and no WAL file is touched
  };
  static Result<Connection> open(const std::filesystem::path& file, Access access);
  Connection(Connection&&) noexcept = default;
  Connection& operator=(Connection&&) noexcept = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  // Runs statements without parameters or rows.
  Result<void> execute(const char* sql);
  // How long to wait for another process that is writing.
  void set_patience(std::chrono::milliseconds patience);
  // Whether the file of this name is still the one that was opened.
  [[nodiscard]] bool is_current() const;

 private:
  friend class Query;
  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  Connection(std::filesystem::path file, std::unique_ptr<sqlite3, Close> database)
      : file_(std::move(file)), database_(std::move(database)) {}
  [[nodiscard]] Error error(int code) const;
  Result<sqlite3_stmt*> prepared(std::string_view sql);

  std::filesystem::path file_;
  std::uint64_t inode_ = 0;
  std::unique_ptr<sqlite3, Close> database_;
  std::map<std::string_view, std::unique_ptr<sqlite3_stmt, Finalize>> statements_{};
};

// One run of a statement; `sql` must be a literal. What is bound must outlive it.
class Query {
 public:
  static Result<Query> start(Connection& connection, std::string_view sql);
  Query(Query&& other) noexcept
      : connection_(other.connection_), statement_(std::exchange(other.statement_, nullptr)) {}
  Query& operator=(Query&&) = delete;
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  ~Query() {
    if (statement_ != nullptr) sqlite3_reset(statement_);
  }

  // Parameters and columns count from 1 and 0, as in SQLite.
  void bind(int parameter, std::int64_t value) { sqlite3_bind_int64(statement_, parameter, value); }
  void bind(int parameter, std::string_view bytes) {
    sqlite3_bind_blob64(statement_, parameter, bytes.data() == nullptr ? "" : bytes.data(),
                        bytes.size(), nullptr);
  }
  // True when there is a row, false at the end.
  Result<bool> step();
  // Steps to the end, then makes ready to be bound and stepped again.
  Result<void> finish();
  [[nodiscard]] std::int64_t integer(int column) const {
    return sqlite3_column_int64(statement_, column);
  }
  // Borrowed until the next step.
  [[nodiscard]] std::string_view bytes(int column) const;

 private:
  Query(Connection* connection, sqlite3_stmt* statement)
      : connection_(connection), statement_(statement) {}
  Connection* connection_;
  sqlite3_stmt* statement_;
};

}  // namespace cogbuild::store
