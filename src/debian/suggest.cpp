#include "ascii.hpp"

#include <cogbuild/debian/successors.hpp>
#include <cogbuild/debian/version.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace cogbuild::debian {
namespace {

constexpr std::size_t kMaxEdits = 2;
constexpr std::size_t kMaxNameBytes = 100;
constexpr std::string_view kTime64 = "t64";

std::string_view without_time64(std::string_view name) {
  if (name.ends_with(kTime64)) name.remove_suffix(kTime64.size());
  return name;
}

bool is_numeric(char c) { return is_digit(c) || c == '.'; }

// True when the names are equal but for runs of digits and dots, and have such a run.
bool equal_but_numbers(std::string_view a, std::string_view b) {
  bool had_number = false;
  while (!a.empty() && !b.empty()) {
    if (is_digit(a.front()) && is_digit(b.front())) {
      had_number = true;
      while (!a.empty() && is_numeric(a.front())) a.remove_prefix(1);
      while (!b.empty() && is_numeric(b.front())) b.remove_prefix(1);
    } else if (a.front() == b.front()) {
      a.remove_prefix(1);
      b.remove_prefix(1);
    } else {
      return false;
    }
  }
  return had_number && a.empty() && b.empty();
}

// Insert, delete, replace, swap of neighbours; anything above kMaxEdits when it is more.
std::size_t edits(std::string_view a, std::string_view b) {
  constexpr std::size_t kTooMany = kMaxEdits + 1;
  if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) > kMaxEdits) return kTooMany;
  if (std::max(a.size(), b.size()) > kMaxNameBytes) return kTooMany;
  using Row = std::array<std::size_t, kMaxNameBytes + 1>;
  Row before{}, last{}, row{};
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    std::size_t least = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
      least = std::min(least, row[j]);
    }
    if (least > kMaxEdits) return kTooMany;
    before = last;
    last = row;
  }
  return last[b.size()];
}

// How far `candidate` is from what was asked; nothing: too far.
std::optional<std::size_t> distance(std::string_view name, std::string_view candidate) {
  if (name == candidate) return std::nullopt;
  const auto plain_name = without_time64(name);
  const auto plain_candidate = without_time64(candidate);
  if (plain_name == plain_candidate) return 0;
  if (equal_but_numbers(plain_name, plain_candidate)) return 1;
  // Of a short name nearly everything is two letters away.
  constexpr std::size_t kShortName = 5;
  const std::size_t limit = name.size() <= kShortName ? 1 : kMaxEdits;
  const std::size_t count = edits(name, candidate);
  if (count > limit) return std::nullopt;
  return 1 + count;
}

struct Suggestion {
  std::size_t distance = 0;
  std::string_view name{};
};

bool is_likelier(const Suggestion& a, const Suggestion& b) {
  if (a.distance != b.distance) return a.distance < b.distance;
  // Names that differ in numbers order like versions; the highest is the one in use.
  if (a.distance == 1)
    if (const auto order = compare_versions(a.name, b.name); order != 0) return order > 0;
  return a.name < b.name;
}

}  // namespace

std::vector<std::string> suggest(std::string_view name, std::span<const std::string_view> known,
                                 std::size_t most) {
  std::vector<Suggestion> suggestions;
  for (const auto candidate : known)
    if (const auto how_far = distance(name, candidate))
      suggestions.push_back({.distance = *how_far, .name = candidate});
  std::sort(suggestions.begin(), suggestions.end(), is_likelier);
  std::vector<std::string> names;
  for (const Suggestion& suggestion : suggestions) {
    if (names.size() == most) break;
    if (names.empty() || names.back() != suggestion.name) names.emplace_back(suggestion.name);
  }
  return names;
}

}  // namespace cogbuild::debian
