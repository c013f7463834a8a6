#include <cogbuild/store/key_index.hpp>

namespace cogbuild::store {

std::chrono::sys_days MemoryKeyIndex::today() const {
  return std::chrono::floor<std::chrono::days>(clock_->now());
}

Result<std::optional<std::string>> MemoryKeyIndex::get(Table table, const std::string& key) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find({table, key});
  if (found == entries_.end()) return std::nullopt;
  found->second.used = today();
  return found->second.value;
}

Result<std::map<std::string, std::string>> MemoryKeyIndex::get_many(
    Table table, const std::vector<std::string>& keys) const {
  std::map<std::string, std::string> values;
  for (const auto& key : keys) {
    TRY_ASSIGN(auto value, get(table, key));
    if (value) values.emplace(key, *std::move(value));
  }
  return values;
}

Result<void> MemoryKeyIndex::put(Table table, const std::string& key, const std::string& value) {
  return put_all(table, {{key, value}});
}

Result<void> MemoryKeyIndex::put_all(
    Table table, const std::vector<std::pair<std::string, std::string>>& entries) {
  const std::lock_guard lock(mutex_);
  for (const auto& [key, value] : entries)
    entries_[{table, key}] = Entry{.value = value, .used = today()};
  return {};
}

Result<void> MemoryKeyIndex::erase(Table table, const std::string& key) {
  return erase_all(table, {key});
}

Result<void> MemoryKeyIndex::erase_all(Table table, const std::vector<std::string>& keys) {
  const std::lock_guard lock(mutex_);
  for (const auto& key : keys) entries_.erase({table, key});
  return {};
}

Result<std::vector<std::pair<std::string, std::string>>> MemoryKeyIndex::list(Table table) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::pair<std::string, std::string>> entries;
  for (auto entry = entries_.lower_bound({table, ""});
       entry != entries_.end() && entry->first.first == table; ++entry)
    entries.emplace_back(entry->first.second, entry->second.value);
  return entries;
}

Result<std::vector<std::string>> MemoryKeyIndex::list_unused(Table table, clock::Time time) const {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::lock_guard lock(mutex_);
  std::vector<std::string> keys;
  for (auto entry = entries_.lower_bound({table, ""});
       entry != entries_.end() && entry->first.first == table; ++entry)
    if (entry->second.used < day) keys.push_back(entry->first.second);
  return keys;
}

}  // namespace cogbuild::store
