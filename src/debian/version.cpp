#include "ascii.hpp"
#include "quoted.hpp"

#include <cogbuild/debian/version.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::debian {
namespace {

constexpr std::size_t kMaxVersionBytes = 1024;
constexpr std::uint64_t kMaxEpoch = 2147483647;

struct Parts {
  std::string_view epoch{};
  std::string_view upstream{};
  std::string_view revision{};
  bool has_epoch = false;
  bool has_revision = false;
};

Parts split(std::string_view text) {
  Parts parts;
  if (const auto colon = text.find(':'); colon != std::string_view::npos) {
    parts.has_epoch = true;
    parts.epoch = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  if (const auto dash = text.rfind('-'); dash != std::string_view::npos) {
    parts.has_revision = true;
    parts.revision = text.substr(dash + 1);
    text = text.substr(0, dash);
  }
  parts.upstream = text;
  return parts;
}

// Where a character that is no digit stands; 0 is the end of the text.
int weight(char c) {
  constexpr int kBeyondLetters = 256;
  if (c == '~') return -1;
  if (is_alpha(c)) return c;
  return static_cast<unsigned char>(c) + kBeyondLetters;
}

std::string_view take_number(std::string_view& rest) {
  std::size_t end = 0;
  while (end < rest.size() && is_digit(rest[end])) ++end;
  std::string_view number = rest.substr(0, end);
  rest.remove_prefix(end);
  number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
  return number;
}

std::strong_ordering compare_numbers(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return a.size() <=> b.size();
  return a.compare(b) <=> 0;
}

// Both runs of other characters are left behind; they are equal when `equal` is returned.
std::strong_ordering compare_other(std::string_view& a, std::string_view& b) {
  const auto at_other = [](std::string_view text) { return !text.empty() && !is_digit(text[0]); };
  while (at_other(a) || at_other(b)) {
    const int weight_a = at_other(a) ? weight(a[0]) : 0;
    const int weight_b = at_other(b) ? weight(b[0]) : 0;
    if (weight_a != weight_b) return weight_a <=> weight_b;
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  return std::strong_ordering::equal;
}

std::strong_ordering compare_parts(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    if (const auto order = compare_other(a, b); order != 0) return order;
    const auto number_a = take_number(a);
    const auto number_b = take_number(b);
    if (const auto order = compare_numbers(number_a, number_b); order != 0) return order;
  }
  return std::strong_ordering::equal;
}

Error bad_version(std::string_view text, std::string_view why) {
  return {ErrorKind::config, fmt::format("{} is not a Debian version: {}", quoted(text), why)};
}

std::uint64_t number_of(std::string_view digits) {
  std::uint64_t number = 0;
  for (const char c : digits) {
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
    if (number > kMaxEpoch) return kMaxEpoch + 1;
  }
  return number;
}

}  // namespace

std::strong_ordering compare_versions(std::string_view a, std::string_view b) {
  if (a == b) return std::strong_ordering::equal;
  const Parts parts_a = split(a);
  const Parts parts_b = split(b);
  if (const auto order = compare_parts(parts_a.epoch, parts_b.epoch); order != 0) return order;
  if (const auto order = compare_parts(parts_a.upstream, parts_b.upstream); order != 0)
    return order;
  return compare_parts(parts_a.revision, parts_b.revision);
}

Result<void> check_version(std::string_view text) {
  if (text.empty()) return fail(bad_version(text, "it is empty"));
  if (text.size() > kMaxVersionBytes) return fail(bad_version(text, "it is too long"));
  const Parts parts = split(text);
  if (parts.has_epoch) {
    if (parts.epoch.empty()) return fail(bad_version(text, "the epoch is empty"));
    if (!std::all_of(parts.epoch.begin(), parts.epoch.end(), is_digit))
      return fail(bad_version(text, "the epoch is not a number"));
    if (number_of(parts.epoch) > kMaxEpoch)
      return fail(bad_version(text, "the epoch is too large"));
  }
  if (parts.upstream.empty()) return fail(bad_version(text, "the upstream version is empty"));
  if (parts.has_revision && parts.revision.empty())
    return fail(bad_version(text, "the revision is empty"));
  const auto legal = [](std::string_view part, std::string_view also) {
    return std::all_of(part.begin(), part.end(), [also](char c) {
      return is_alnum(c) || also.find(c) != std::string_view::npos;
    });
  };
  if (!legal(parts.upstream, parts.has_epoch ? ".+-~:" : ".+-~"))
    return fail(bad_version(text, "letters, digits and `.+-~` are allowed"));
  if (!legal(parts.revision, ".+~"))
    return fail(bad_version(text, "letters, digits and `.+~` are allowed in a revision"));
  return {};
}

Result<Version> Version::parse(std::string_view text) {
  text = trim(text);
  TRY(check_version(text));
  const Parts parts = split(text);
  Version version;
  version.text_ = text;
  version.epoch_ = static_cast<std::uint32_t>(number_of(parts.epoch));
  version.upstream_begin_ = parts.has_epoch ? parts.epoch.size() + 1 : 0;
  version.upstream_end_ = version.upstream_begin_ + parts.upstream.size();
  return version;
}

}  // namespace cogbuild::debian
