#include "open_index.hpp"
#include "sqlite_connection.hpp"

#include <cogbuild/store/key_index.hpp>

#include <algorithm>
#include <set>

namespace cogbuild::store {

namespace {

constexpr std::string_view kGet = "SELECT value, used FROM entries WHERE kind = ?1 AND key = ?2";
constexpr std::string_view kPut =
    "INSERT INTO entries(kind, key, used, value) VALUES(?1, ?2, ?3, ?4) "
    "ON CONFLICT(kind, key) DO UPDATE SET used = excluded.used, value = excluded.value";
constexpr std::string_view kErase = "DELETE FROM entries WHERE kind = ?1 AND key = ?2";
constexpr std::string_view kList = "SELECT key, value FROM entries WHERE kind = ?1 ORDER BY key";
constexpr std::string_view kListUnused =
    "SELECT key FROM entries WHERE kind = ?1 AND used < ?2 ORDER BY key";
constexpr std::string_view kTouch =
    "UPDATE entries SET used = ?3 WHERE kind = ?1 AND key = ?2 AND used < ?3";

std::int64_t day_of(clock::Time time) {
  return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count();
}

// All of `work` or nothing.
template <class Work>
Result<void> in_transaction(Connection& connection, const char* begin, Work work) {
  TRY(connection.execute(begin));
  Result<void> done = work();
  if (done) done = connection.execute("COMMIT");
  if (!done) static_cast<void>(connection.execute("ROLLBACK"));
  return done;
}

}  // namespace

class SqliteKeyIndex::State {
 public:
  State(std::filesystem::path file, std::shared_ptr<const clock::Clock> clock,
        Connection connection)
      : file_(std::move(file)), clock_(std::move(clock)), connection_(std::move(connection)) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { write_uses(); }

  // Runs `work` alone; when it meets damage, once more on a new database.
  template <class Work>
  auto run(Work work) {
    const std::lock_guard lock(mutex_);
    auto result = work(*this);
    if (result || result.error().kind() != ErrorKind::integrity) return result;
    auto successor = begin_anew(std::move(connection_), file_);
    if (!successor) {
      // What is left answers nothing any more, but says why.
      auto reopened = Connection::open(file_, Connection::Access::read_only);
      if (reopened) connection_ = *std::move(reopened);
      return result;
    }
    connection_ = *std::move(successor);
    return work(*this);
  }

  Result<std::optional<std::string>> get(Table table, const std::string& key);
  Result<void> put(Table table, const std::string& key, const std::string& value);
  Result<void> erase(Table table, const std::string& key);
  // Notes on disk what was read since; a failure costs an entry its age, so nobody hears of it.
  void write_uses();
  Connection& connection() { return connection_; }

 private:
  std::filesystem::path file_;
  std::shared_ptr<const clock::Clock> clock_;
  std::mutex mutex_{};
  Connection connection_;
  std::set<std::pair<Table, std::string>> uses_{};
};

Result<std::optional<std::string>> SqliteKeyIndex::State::get(Table table, const std::string& key) {
  TRY_ASSIGN(auto query, Query::start(connection_, kGet));
  query.bind(1, static_cast<std::int64_t>(table));
  query.bind(2, key);
  TRY_ASSIGN(const bool found, query.step());
  if (!found) return std::nullopt;
  if (query.integer(1) < day_of(clock_->now())) uses_.emplace(table, key);
  return std::string(query.bytes(0));
}

Result<void> SqliteKeyIndex::State::put(Table table, const std::string& key,
                                        const std::string& value) {
  TRY_ASSIGN(auto query, Query::start(connection_, kPut));
  query.bind(1, static_cast<std::int64_t>(table));
  query.bind(2, key);
  query.bind(3, day_of(clock_->now()));
  query.bind(4, value);
  return query.finish();
}

Result<void> SqliteKeyIndex::State::erase(Table table, const std::string& key) {
  TRY_ASSIGN(auto query, Query::start(connection_, kErase));
  query.bind(1, static_cast<std::int64_t>(table));
  query.bind(2, key);
  return query.finish();
}

void SqliteKeyIndex::State::write_uses() {
  if (uses_.empty()) return;
  connection_.set_patience(std::chrono::milliseconds(0));
  const auto written = in_transaction(connection_, "BEGIN IMMEDIATE", [this]() -> Result<void> {
    for (const auto& [table, key] : uses_) {
      TRY_ASSIGN(auto query, Query::start(connection_, kTouch));
      query.bind(1, static_cast<std::int64_t>(table));
      query.bind(2, key);
      query.bind(3, day_of(clock_->now()));
      TRY(query.finish());
    }
    return {};
  });
  connection_.set_patience(std::chrono::seconds(10));
  if (written) uses_.clear();
}

Result<std::unique_ptr<SqliteKeyIndex>> SqliteKeyIndex::open(
    const std::filesystem::path& file, std::shared_ptr<const clock::Clock> clock) {
  TRY_ASSIGN(auto connection, open_index(file));
  return std::unique_ptr<SqliteKeyIndex>(
      new SqliteKeyIndex(std::make_unique<State>(file, std::move(clock), std::move(connection))));
}

SqliteKeyIndex::SqliteKeyIndex(std::unique_ptr<State> state) : state_(std::move(state)) {}
SqliteKeyIndex::~SqliteKeyIndex() = default;

Result<std::optional<std::string>> SqliteKeyIndex::get(Table table, const std::string& key) const {
  return state_->run([&](State& state) { return state.get(table, key); });
}

Result<std::map<std::string, std::string>> SqliteKeyIndex::get_many(
    Table table, const std::vector<std::string>& keys) const {
  using Values = std::map<std::string, std::string>;
  return state_->run([&](State& state) -> Result<Values> {
    Values values;
    TRY(in_transaction(state.connection(), "BEGIN", [&]() -> Result<void> {
      for (const auto& key : keys) {
        TRY_ASSIGN(auto value, state.get(table, key));
        if (value) values.emplace(key, *std::move(value));
      }
      return {};
    }));
    return values;
  });
}

Result<void> SqliteKeyIndex::put(Table table, const std::string& key, const std::string& value) {
  return state_->run([&](State& state) { return state.put(table, key, value); });
}

Result<void> SqliteKeyIndex::put_all(
    Table table, const std::vector<std::pair<std::string, std::string>>& entries) {
  return state_->run([&](State& state) {
    return in_transaction(state.connection(), "BEGIN IMMEDIATE", [&]() -> Result<void> {
      for (const auto& [key, value] : entries) TRY(state.put(table, key, value));
      return {};
    });
  });
}

Result<void> SqliteKeyIndex::erase(Table table, const std::string& key) {
  return state_->run([&](State& state) { return state.erase(table, key); });
}

Result<void> SqliteKeyIndex::erase_all(Table table, const std::vector<std::string>& keys) {
  return state_->run([&](State& state) {
    return in_transaction(state.connection(), "BEGIN IMMEDIATE", [&]() -> Result<void> {
      for (const auto& key : keys) TRY(state.erase(table, key));
      return {};
    });
  });
}

Result<std::vector<std::pair<std::string, std::string>>> SqliteKeyIndex::list(Table table) const {
  using Entries = std::vector<std::pair<std::string, std::string>>;
  return state_->run([&](State& state) -> Result<Entries> {
    Entries entries;
    TRY_ASSIGN(auto query, Query::start(state.connection(), kList));
    query.bind(1, static_cast<std::int64_t>(table));
    for (;;) {
      TRY_ASSIGN(const bool row, query.step());
      if (!row) return entries;
      entries.emplace_back(query.bytes(0), query.bytes(1));
    }
  });
}

Result<std::vector<std::string>> SqliteKeyIndex::list_unused(Table table, clock::Time time) const {
  using Keys = std::vector<std::string>;
  return state_->run([&](State& state) -> Result<Keys> {
    state.write_uses();
    Keys keys;
    TRY_ASSIGN(auto query, Query::start(state.connection(), kListUnused));
    query.bind(1, static_cast<std::int64_t>(table));
    query.bind(2, day_of(time));
    for (;;) {
      TRY_ASSIGN(const bool row, query.step());
      if (!row) return keys;
      keys.emplace_back(query.bytes(0));
    }
  });
}

}  // namespace cogbuild::store
