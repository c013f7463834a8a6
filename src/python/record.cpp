#include "ascii.hpp"

#include <cogbuild/python/record.hpp>

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <span>

namespace cogbuild::python {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

tl::unexpected<Error> invalid(std::size_t row, std::string_view why) {
  return fail(Error(ErrorKind::config, fmt::format("RECORD row {}: {}", row, why)));
}

std::string encode(std::span<const std::byte> bytes) {
  std::string text;
  std::uint32_t bits = 0;
  int count = 0;
  for (const std::byte byte : bytes) {
    bits = (bits << 8) | std::to_integer<std::uint32_t>(byte);
    for (count += 8; count >= 6; count -= 6) text += kAlphabet[(bits >> (count - 6)) & 63U];
  }
  if (count > 0) text += kAlphabet[(bits << (6 - count)) & 63U];
  return text;
}

std::optional<digest::Digest> decode(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);  // some writers pad
  std::array<std::byte, digest::Digest::kBytes> bytes{};
  if (text.size() != 43) return std::nullopt;
  std::uint32_t bits = 0;
  int count = 0;
  std::size_t filled = 0;
  for (const char c : text) {
    const auto value = kAlphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes[filled++] = static_cast<std::byte>((bits >> count) & 0xffU);
  }
  if (filled != bytes.size()) return std::nullopt;
  return digest::Digest(bytes);
}

// One CSV row from `rest`, its line end removed; false when a quote is not closed.
bool take_row(std::string_view& rest, std::vector<std::string>& fields) {
  fields.assign(1, {});
  bool quoted = false;
  std::size_t at = 0;
  for (; at < rest.size(); ++at) {
    const char c = rest[at];
    if (quoted) {
      if (c != '"') {
        fields.back() += c;
      } else if (at + 1 < rest.size() && rest[at + 1] == '"') {
        fields.back() += '"';
        ++at;
      } else {
        quoted = false;
      }
    } else if (c == '"' && fields.back().empty()) {
      quoted = true;
    } else if (c == ',') {
      fields.emplace_back();
    } else if (c == '\n') {
      break;
    } else if (c != '\r' || (at + 1 < rest.size() && rest[at + 1] != '\n')) {
      fields.back() += c;
    }
  }
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return !quoted;
}

void append_field(std::string& text, const std::string& field) {
  if (field.find_first_of(",\"\r\n") == std::string::npos) {
    text += field;
    return;
  }
  text += '"';
  for (const char c : field) text.append(c == '"' ? 2 : 1, c);
  text += '"';
}

Result<void> set_hash(RecordEntry& entry, const std::string& field, std::size_t row) {
  constexpr std::string_view kSha256 = "sha256=";
  if (field.empty()) return {};
  if (!field.starts_with(kSha256)) {
    if (field.find('=') == std::string::npos)
      return invalid(row, fmt::format("`{}` is not a hash", field));
    entry.other_hash = field;
    return {};
  }
  entry.digest = decode(std::string_view(field).substr(kSha256.size()));
  if (!entry.digest) return invalid(row, fmt::format("`{}` is not a SHA-256", field));
  return {};
}

}  // namespace

Result<std::vector<RecordEntry>> parse_record(std::string_view text) {
  std::vector<RecordEntry> entries;
  std::vector<std::string> fields;
  for (std::size_t row = 1; !text.empty(); ++row) {
    if (!take_row(text, fields)) return invalid(row, "a quote is not closed");
    if (fields.size() == 1 && fields[0].empty()) continue;
    if (fields.size() > 3)
      return invalid(row, fmt::format("it has {} fields, not 3", fields.size()));
    RecordEntry entry{.path = fields[0]};
    if (entry.path.empty()) return invalid(row, "the path is empty");
    if (fields.size() > 1) TRY(set_hash(entry, fields[1], row));
    if (fields.size() > 2 && !fields[2].empty()) {
      std::uint64_t size = 0;
      const char* const last = fields[2].data() + fields[2].size();
      const auto [end, error] = std::from_chars(fields[2].data(), last, size);
      if (error != std::errc{} || end != last) {
        return invalid(row, fmt::format("`{}` is not a size", fields[2]));
      }
      entry.size_bytes = size;
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::string to_record_hash(const digest::Digest& digest) {
  return fmt::format("sha256={}", encode(digest.raw()));
}

std::string to_record_text(const std::vector<RecordEntry>& entries) {
  std::string text;
  for (const RecordEntry& entry : entries) {
    append_field(text, entry.path);
    text += ',';
    append_field(text, entry.digest ? to_record_hash(*entry.digest) : entry.other_hash);
    text += ',';
    if (entry.size_bytes) text += fmt::format("{}", *entry.size_bytes);
    text += '\n';
  }
  return text;
}

}  // namespace cogbuild::python
