#include "stored_release.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdint>

namespace cogbuild::apt {

namespace {

constexpr std::string_view kFormat = "apt release 1";

// Taken off `text`; nothing when no line ends there.
std::optional<std::string_view> next_line(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const auto line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

}  // namespace

std::string to_text(const StoredRelease& release) {
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}", kFormat,
                     release.form == SignedForm::clear ? "clear" : "detached", release.trust.hex(),
                     release.file.hex(), release.date.time_since_epoch().count(),
                     release.validators.etag, release.validators.last_modified, release.text);
}

std::optional<StoredRelease> parse_stored_release(std::string_view text) {
  StoredRelease release;
  std::array<std::string_view, 7> lines{};
  for (auto& line : lines) {
    const auto next = next_line(text);
    if (!next) return std::nullopt;
    line = *next;
  }
  const auto& [format, form, trust, file, date, etag, last_modified] = lines;
  if (format != kFormat || (form != "clear" && form != "detached")) return std::nullopt;
  release.form = form == "clear" ? SignedForm::clear : SignedForm::detached;
  const auto trusted = digest::Digest::parse_hex(trust);
  const auto content = digest::Digest::parse_hex(file);
  std::int64_t seconds = 0;
  const auto [end, code] = std::from_chars(date.data(), date.data() + date.size(), seconds);
  if (!trusted || !content || code != std::errc() || end != date.data() + date.size())
    return std::nullopt;
  release.trust = *trusted;
  release.file = *content;
  release.date = std::chrono::sys_seconds(std::chrono::seconds(seconds));
  release.validators = {.etag = std::string(etag), .last_modified = std::string(last_modified)};
  release.text = text;
  return release;
}

}  // namespace cogbuild::apt
