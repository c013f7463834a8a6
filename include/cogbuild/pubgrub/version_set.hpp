#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace cogbuild::pubgrub {

// A version of a package: its position in the package's list, which is known and never changes.
using Position = std::uint32_t;

// A set over one package's versions and one more element: that the package is not chosen at all.
// A set without that element is a positive term of PubGrub, one with it a negative term, so that
// intersection, union and complement of terms are those of sets. Sets that meet in an operation
// must be over the same number of versions.
class VersionSet {
 public:
  VersionSet() : VersionSet(0) {}
  // Nothing, over `count` versions.
  explicit VersionSet(std::size_t count);
  static VersionSet all_versions(std::size_t count);  // any version, but chosen
  static VersionSet anything(std::size_t count);      // any version or none
  static VersionSet only(std::size_t count, Position position);

  // Versions `from` <= position < `to`.
  void insert(std::size_t from, std::size_t to);
  void insert(Position position) { insert(position, position + std::size_t{1}); }
  void erase(Position position);

  // Of versions, whether or not absence belongs to the set.
  [[nodiscard]] std::size_t universe() const { return count_; }
  [[nodiscard]] bool contains(Position position) const;
  [[nodiscard]] bool allows_absence() const { return bit(count_); }
  [[nodiscard]] bool is_empty() const;
  [[nodiscard]] bool is_anything() const;
  [[nodiscard]] std::size_t size() const;                 // of versions alone
  [[nodiscard]] std::vector<Position> positions() const;  // ascending
  [[nodiscard]] std::optional<Position> first() const;
  [[nodiscard]] std::optional<Position> last() const;

  [[nodiscard]] VersionSet complement() const;
  [[nodiscard]] bool is_subset_of(const VersionSet& other) const;
  [[nodiscard]] bool is_disjoint_from(const VersionSet& other) const;
  friend VersionSet operator&(const VersionSet& a, const VersionSet& b);
  friend VersionSet operator|(const VersionSet& a, const VersionSet& b);
  friend bool operator==(const VersionSet&, const VersionSet&) = default;

 private:
  [[nodiscard]] bool bit(std::size_t n) const { return ((words_[n / 64] >> (n % 64)) & 1U) != 0; }
  void trim();

  std::size_t count_ = 0;
  std::vector<std::uint64_t> words_{};  // bit `count_` is absence; higher ones are 0
};

}  // namespace cogbuild::pubgrub
