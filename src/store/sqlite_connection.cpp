#include "sqlite_connection.hpp"

#include "cache_error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <string>
#include <sys/stat.h>

namespace cogbuild::store {

namespace {

std::uint64_t inode_of(const std::filesystem::path& file) {
  struct stat status {};
  return ::stat(file.c_str(), &status) == 0 ? status.st_ino : 0;
}

// SQLite reads a URI for the flag that has no other spelling; only these three have a meaning
// there.
std::string immutable_uri(const std::filesystem::path& file) {
  std::string uri = "file:";
  for (const char c : file.native()) {
    if (c == '?' || c == '#' || c == '%')
      fmt::format_to(std::back_inserter(uri), "%{:02x}", static_cast<unsigned char>(c));
    else
      uri += c;
  }
  return uri + "?immutable=1";
}

}  // namespace

Result<Connection> Connection::open(const std::filesystem::path& file, Access access) {
  sqlite3* opened = nullptr;
  const int code =
      access == Access::write
          ? sqlite3_open_v2(file.c_str(), &opened,
                            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                            nullptr)
          : sqlite3_open_v2(immutable_uri(file).c_str(), &opened,
                            SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nullptr);
  Connection connection(file, std::unique_ptr<sqlite3, Close>(opened));
  if (code != SQLITE_OK) return fail(connection.error(code));
  connection.inode_ = inode_of(file);
  connection.set_patience(std::chrono::seconds(10));
  return connection;
}

Connection::~Connection() {
  // Closing the last connection deletes the WAL by its name, which belongs to the successor of a
  // database that was set aside.
  if (database_ && !is_current())
    sqlite3_db_config(database_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

bool Connection::is_current() const { return inode_of(file_) == inode_; }

void Connection::set_patience(std::chrono::milliseconds patience) {
  if (database_) sqlite3_busy_timeout(database_.get(), static_cast<int>(patience.count()));
}

Error Connection::error(int code) const {
  const std::string reason = database_ ? sqlite3_errmsg(database_.get()) : sqlite3_errstr(code);
  switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Error(ErrorKind::integrity,
                   fmt::format("the cache index {} is damaged: {}", file_.string(), reason))
          .hint("remove it: it is made again");
    case SQLITE_FULL:
      return cannot_write(file_, reason, ENOSPC);
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return cannot_write(file_, reason, EACCES);
    case SQLITE_IOERR: {
      // SQLite knows ENOSPC alone; a quota or a size limit also shows as a failed write.
      const bool write_failed =
          database_ && sqlite3_extended_errcode(database_.get()) == SQLITE_IOERR_WRITE;
      return cannot_write(file_, reason, write_failed ? ENOSPC : EIO);
    }
    case SQLITE_BUSY:
      return Error(ErrorKind::io,
                   fmt::format("another process keeps the cache index {} busy", file_.string()))
          .hint("wait for it to end, then run this again");
    default:
      return Error(ErrorKind::io,
                   fmt::format("cannot use the cache index {}: {}", file_.string(), reason));
  }
}

Result<void> Connection::execute(const char* sql) {
  const int code = sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return fail(error(code));
  return {};
}

Result<sqlite3_stmt*> Connection::prepared(std::string_view sql) {
  auto& statement = statements_[sql];
  if (!statement) {
    sqlite3_stmt* made = nullptr;
    const int code = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &made, nullptr);
    if (code != SQLITE_OK) return fail(error(code));
    statement.reset(made);
  }
  return statement.get();
}

Result<Query> Query::start(Connection& connection, std::string_view sql) {
  TRY_ASSIGN(sqlite3_stmt* const statement, connection.prepared(sql));
  return Query(&connection, statement);
}

Result<bool> Query::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return fail(connection_->error(code));
}

Result<void> Query::finish() {
  for (bool row = true; row;) {
    TRY_ASSIGN(row, step());
  }
  sqlite3_reset(statement_);
  return {};
}

std::string_view Query::bytes(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

}  // namespace cogbuild::store
