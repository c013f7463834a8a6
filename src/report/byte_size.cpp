#include <cogbuild/report/byte_size.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>

namespace cogbuild::report {

namespace {

constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
constexpr std::size_t kMaxDecimals = 6;

struct Unit {
  std::string_view name{};
  std::uint64_t bytes = 1;
};

constexpr std::array<Unit, 14> kUnits{{{"", 1},
                                       {"b", 1},
                                       {"k", 1'000},
                                       {"kb", 1'000},
                                       {"m", 1'000'000},
                                       {"mb", 1'000'000},
                                       {"g", 1'000'000'000},
                                       {"gb", 1'000'000'000},
                                       {"t", 1'000'000'000'000},
                                       {"tb", 1'000'000'000'000},
                                       {"kib", std::uint64_t{1} << 10U},
                                       {"mib", std::uint64_t{1} << 20U},
                                       {"gib", std::uint64_t{1} << 30U},
                                       {"tib", std::uint64_t{1} << 40U}}};

std::optional<std::uint64_t> unit_bytes(std::string_view name) {
  std::string lower(name);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  const auto* const unit = std::ranges::find(kUnits, std::string_view(lower), &Unit::name);
  if (unit == kUnits.end()) return std::nullopt;
  return unit->bytes;
}

// Takes digits off the front of `text`.
std::string_view take_digits(std::string_view& text) {
  const auto digits = text.substr(0, std::min(text.find_first_not_of("0123456789"), text.size()));
  text.remove_prefix(digits.size());
  return digits;
}

std::optional<std::uint64_t> number(std::string_view digits) {
  std::uint64_t value = 0;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (code != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> size_of(std::string_view text) {
  const auto whole = take_digits(text);
  std::string decimals;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    decimals = take_digits(text);
    if (decimals.empty() || decimals.size() > kMaxDecimals) return std::nullopt;
  }
  decimals.resize(kMaxDecimals, '0');
  if (text.starts_with(' ')) text.remove_prefix(1);
  const auto unit = unit_bytes(text);
  const auto value = number(whole);
  if (!unit || !value || *value > kMax / *unit) return std::nullopt;
  // Six decimals of the largest unit fit into 64 bits.
  const std::uint64_t part = *number(decimals) * *unit / 1'000'000;
  if (part > kMax - *value * *unit) return std::nullopt;
  return *value * *unit + part;
}

}  // namespace

Result<std::uint64_t> parse_size(std::string_view text) {
  const auto size = size_of(text);
  if (size) return *size;
  return fail(Error(ErrorKind::usage, fmt::format("`{}` is not a size", text))
                  .hint("write it as 900MB, 1.5GB or 500MiB"));
}

std::string format_size(std::uint64_t bytes) {
  constexpr std::uint64_t kTenth = 100'000;
  if (bytes == 0) return "0 MB";
  const std::uint64_t tenths = bytes / kTenth + (bytes % kTenth >= kTenth / 2 ? 1 : 0);
  if (tenths == 0) return "<0.1 MB";
  return fmt::format("{}.{} MB", tenths / 10, tenths % 10);
}

std::string format_change(std::uint64_t before_bytes, std::uint64_t after_bytes) {
  if (before_bytes == after_bytes) return "same";
  return after_bytes > before_bytes ? "+" + format_size(after_bytes - before_bytes)
                                    : "-" + format_size(before_bytes - after_bytes);
}

std::uint64_t add_sizes(std::uint64_t a, std::uint64_t b) { return a > kMax - b ? kMax : a + b; }

}  // namespace cogbuild::report
