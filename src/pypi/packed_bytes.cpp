#include "packed_bytes.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cogbuild::pypi {

namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

unsigned digit_value(char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10); }

}  // namespace

void ByteWriter::number(std::uint64_t value) {
  while (value >= 0x80) {
    byte(static_cast<unsigned>(value & 0x7fU) | 0x80U);
    value >>= 7U;
  }
  byte(static_cast<unsigned>(value));
}

void ByteWriter::text(std::string_view value) {
  number(value.size());
  out_ += value;
}

void ByteWriter::text_after(std::string_view before, std::string_view value) {
  const auto common =
      static_cast<std::size_t>(std::ranges::mismatch(before, value).in1 - before.begin());
  number(common);
  text(value.substr(common));
}

void ByteWriter::hex(std::string_view digits) {
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    byte(digit_value(digits[i]) << 4U | digit_value(digits[i + 1]));
}

unsigned ByteReader::byte() {
  const auto one = raw(1);
  return one.empty() ? 0 : static_cast<unsigned char>(one.front());
}

std::uint64_t ByteReader::number() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const std::uint64_t part = byte();
    value |= (part & 0x7fU) << shift;
    if (part < 0x80) return value;
  }
  good_ = false;
  return 0;
}

void ByteReader::text_after(std::string& value) {
  const std::uint64_t common = number();
  if (common > value.size()) good_ = false;
  value.resize(good_ ? static_cast<std::size_t>(common) : 0);
  value += text();
}

std::string ByteReader::hex(std::size_t size_bytes) {
  const auto bytes = raw(size_bytes);
  std::string digits(2 * bytes.size(), '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto value = static_cast<unsigned char>(bytes[i]);
    digits[2 * i] = kDigits[value >> 4U];
    digits[2 * i + 1] = kDigits[value & 15U];
  }
  return digits;
}

std::string_view ByteReader::raw(std::uint64_t size_bytes) {
  if (!good_ || size_bytes > rest_.size()) {
    good_ = false;
    return {};
  }
  const auto bytes = rest_.substr(0, static_cast<std::size_t>(size_bytes));
  rest_.remove_prefix(bytes.size());
  return bytes;
}

bool is_hex(std::string_view text) {
  static constexpr auto kIsDigit = [] {
    std::array<bool, 256> table{};
    for (const char digit : kDigits) table[static_cast<unsigned char>(digit)] = true;
    return table;
  }();
  return std::ranges::all_of(text, [](char c) { return kIsDigit[static_cast<unsigned char>(c)]; });
}

}  // namespace cogbuild::pypi
