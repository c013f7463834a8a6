#include "open_index.hpp"

#include "cache_error.hpp"

#include <cogbuild/io/file.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <system_error>

namespace cogbuild::store {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kSchemaVersion = 1;

// `used` stands before `value`, so that a scan for old entries does not read long values.
constexpr const char* kSchema =
    "CREATE TABLE entries("
    "id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, key BLOB NOT NULL, used INTEGER NOT NULL, "
    "value BLOB NOT NULL, UNIQUE(kind, key));"
    "PRAGMA user_version = 1;";

enum class Condition { ready, empty, foreign };

Result<std::int64_t> number(Connection& connection, std::string_view sql) {
  TRY_ASSIGN(auto query, Query::start(connection, sql));
  TRY_ASSIGN(const bool row, query.step());
  return row ? query.integer(0) : 0;
}

Result<Condition> condition_of(Connection& connection) {
  TRY_ASSIGN(const auto version, number(connection, "PRAGMA user_version"));
  if (version == kSchemaVersion) return Condition::ready;
  TRY_ASSIGN(const auto tables, number(connection, "SELECT count(*) FROM sqlite_master"));
  return version == 0 && tables == 0 ? Condition::empty : Condition::foreign;
}

// Held while a database is made or set aside, so that two processes do not both do so.
Result<io::Fd> lock_index(const fs::path& file) {
  const fs::path path = file.native() + ".lock";
  io::Fd lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (!lock.valid()) return fail(cannot_write(path));
  while (::flock(lock.get(), LOCK_EX) != 0)
    if (errno != EINTR) return fail(cannot_write(path));
  return lock;
}

Result<void> set_aside(const fs::path& file) {
  if (::rename(file.c_str(), (file.native() + ".set-aside").c_str()) != 0 && errno != ENOENT)
    return fail(cannot_write(file));
  std::error_code ignored;
  for (const char* const suffix : {"-wal", "-shm"}) fs::remove(file.native() + suffix, ignored);
  return {};
}

Result<void> create_schema(Connection& connection) {
  TRY(connection.execute("PRAGMA journal_mode = WAL"));
  TRY(connection.execute("BEGIN IMMEDIATE"));
  TRY(connection.execute(kSchema));
  return connection.execute("COMMIT");
}

// With WAL a power cut may take the last transactions back; it cannot damage the database.
Result<Connection> settle(Connection connection) {
  TRY(connection.execute("PRAGMA synchronous = NORMAL"));
  // Values of half a megabyte are read in a seventh of the time. The file is never cut: SQLite does
  // so only in VACUUM, and a damaged one is renamed.
  TRY(connection.execute("PRAGMA mmap_size = 1073741824"));
  return connection;
}

// As open_index, by the one who holds the lock.
Result<Connection> open_or_make(const fs::path& file) {
  {
    TRY_ASSIGN(auto connection, Connection::open(file, Connection::Access::write));
    const auto condition = condition_of(connection);
    if (!condition && condition.error().kind() != ErrorKind::integrity)
      return fail(condition.error());
    if (condition == Condition::ready) return settle(std::move(connection));
    if (condition == Condition::empty) {
      TRY(create_schema(connection));
      return settle(std::move(connection));
    }
    TRY(set_aside(file));
  }
  TRY_ASSIGN(auto connection, Connection::open(file, Connection::Access::write));
  TRY(create_schema(connection));
  return settle(std::move(connection));
}

Result<Connection> open_for_reading(const fs::path& file) {
  TRY_ASSIGN(auto connection, Connection::open(file, Connection::Access::read_only));
  TRY_ASSIGN(const auto condition, condition_of(connection));
  if (condition == Condition::ready) return connection;
  return fail(cannot_write(file, "its contents are of another version", EACCES));
}

}  // namespace

Result<Connection> open_index(const fs::path& file) {
  auto connection = Connection::open(file, Connection::Access::write);
  if (connection) {
    const auto condition = condition_of(*connection);
    if (condition == Condition::ready) return settle(*std::move(connection));
    if (condition || condition.error().kind() == ErrorKind::integrity) {
      connection = fail(Error(ErrorKind::integrity, "closed before another is opened"));
      TRY_ASSIGN(const auto lock, lock_index(file));
      return open_or_make(file);
    }
    connection = fail(condition.error());
  }
  // A WAL database cannot be opened as usual where its companion files cannot be made.
  std::error_code code;
  if (fs::exists(file, code))
    if (auto readable = open_for_reading(file)) return readable;
  return connection;
}

Result<Connection> begin_anew(Connection damaged, const fs::path& file) {
  TRY_ASSIGN(const auto lock, lock_index(file));
  if (damaged.is_current()) TRY(set_aside(file));
  { const auto closed = std::move(damaged); }
  return open_or_make(file);
}

}  // namespace cogbuild::store
