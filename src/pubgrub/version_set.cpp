#include <cogbuild/pubgrub/version_set.hpp>

#include <algorithm>
#include <bit>

namespace cogbuild::pubgrub {

VersionSet::VersionSet(std::size_t count) : count_(count), words_(count / 64 + 1, 0) {}

VersionSet VersionSet::all_versions(std::size_t count) {
  VersionSet set(count);
  set.insert(0, count);
  return set;
}

VersionSet VersionSet::anything(std::size_t count) { return VersionSet(count).complement(); }

VersionSet VersionSet::only(std::size_t count, Position position) {
  VersionSet set(count);
  set.insert(position);
  return set;
}

void VersionSet::insert(std::size_t from, std::size_t to) {
  to = std::min(to, count_);
  while (from < to) {
    const std::size_t offset = from % 64;
    const std::size_t length = std::min(64 - offset, to - from);
    const std::uint64_t ones = length == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << length) - 1;
    words_[from / 64] |= ones << offset;
    from += length;
  }
}

void VersionSet::erase(Position position) {
  if (position < count_) words_[position / 64] &= ~(std::uint64_t{1} << (position % 64));
}

bool VersionSet::contains(Position position) const { return position < count_ && bit(position); }

bool VersionSet::is_empty() const {
  return std::all_of(words_.begin(), words_.end(), [](std::uint64_t word) { return word == 0; });
}

bool VersionSet::is_anything() const { return complement().is_empty(); }

std::size_t VersionSet::size() const {
  std::size_t bits = 0;
  for (const std::uint64_t word : words_) bits += static_cast<std::size_t>(std::popcount(word));
  return bits - (allows_absence() ? 1 : 0);
}

std::vector<Position> VersionSet::positions() const {
  std::vector<Position> found;
  for (std::size_t w = 0; w < words_.size(); ++w) {
    for (std::uint64_t word = words_[w]; word != 0; word &= word - 1) {
      const auto position = w * 64 + static_cast<std::size_t>(std::countr_zero(word));
      if (position < count_) found.push_back(static_cast<Position>(position));
    }
  }
  return found;
}

std::optional<Position> VersionSet::first() const {
  for (std::size_t w = 0; w < words_.size(); ++w) {
    if (words_[w] == 0) continue;
    const auto position = w * 64 + static_cast<std::size_t>(std::countr_zero(words_[w]));
    if (position < count_) return static_cast<Position>(position);
  }
  return std::nullopt;
}

std::optional<Position> VersionSet::last() const {
  for (std::size_t w = words_.size(); w-- > 0;) {
    std::uint64_t word = words_[w];
    if (w == count_ / 64) word &= ~(std::uint64_t{1} << (count_ % 64));
    if (word != 0)
      return static_cast<Position>(w * 64 + 63 - static_cast<std::size_t>(std::countl_zero(word)));
  }
  return std::nullopt;
}

void VersionSet::trim() {
  const std::size_t used = count_ % 64 + 1;
  if (used < 64) words_.back() &= (std::uint64_t{1} << used) - 1;
}

VersionSet VersionSet::complement() const {
  VersionSet result(*this);
  for (std::uint64_t& word : result.words_) word = ~word;
  result.trim();
  return result;
}

bool VersionSet::is_subset_of(const VersionSet& other) const {
  for (std::size_t w = 0; w < words_.size(); ++w)
    if ((words_[w] & ~other.words_[w]) != 0) return false;
  return true;
}

bool VersionSet::is_disjoint_from(const VersionSet& other) const {
  for (std::size_t w = 0; w < words_.size(); ++w)
    if ((words_[w] & other.words_[w]) != 0) return false;
  return true;
}

VersionSet operator&(const VersionSet& a, const VersionSet& b) {
  VersionSet result(a);
  for (std::size_t w = 0; w < a.words_.size(); ++w) result.words_[w] &= b.words_[w];
  return result;
}

VersionSet operator|(const VersionSet& a, const VersionSet& b) {
  VersionSet result(a);
  for (std::size_t w = 0; w < a.words_.size(); ++w) result.words_[w] |= b.words_[w];
  return result;
}

}  // namespace cogbuild::pubgrub
