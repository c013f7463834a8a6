#include "page_freshness.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace cogbuild::pypi {

namespace {

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Removes and returns the text before the next separator.
std::string_view next_part(std::string_view& text, char separator) {
  const auto end = std::min(text.find(separator), text.size());
  const auto part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

}  // namespace

std::int64_t seconds_since_epoch(clock::Time time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

bool PageFreshness::is_fresh(clock::Time now) const {
  const auto seconds = seconds_since_epoch(now);
  // A page from the future means that a clock was set back: its age is unknown.
  return seconds >= fetched && seconds - fetched < max_age;
}

std::string to_text(const PageFreshness& freshness) {
  return fmt::format("{} {} {}", freshness.fetched, freshness.max_age, freshness.etag);
}

std::optional<PageFreshness> parse_page_freshness(std::string_view text) {
  const auto fetched = number(next_part(text, ' '));
  const auto max_age = number(next_part(text, ' '));
  if (!fetched || !max_age) return std::nullopt;
  return PageFreshness{.fetched = *fetched, .max_age = *max_age, .etag = std::string(text)};
}

std::int64_t max_age_of(const http::Headers& headers) {
  const std::int64_t age = number(http::header(headers, "age")).value_or(0);
  std::int64_t max_age = 0;
  for (const auto& value : http::header_values(headers, "cache-control")) {
    for (std::string_view rest = value; !rest.empty();) {
      std::string_view directive = next_part(rest, ',');
      while (directive.starts_with(' ')) directive.remove_prefix(1);
      while (directive.ends_with(' ')) directive.remove_suffix(1);
      if (directive == "no-cache" || directive == "no-store") return 0;
      if (directive.starts_with("max-age=")) max_age = number(directive.substr(8)).value_or(0);
    }
  }
  constexpr std::int64_t kLongest = 24 * 3600;  // a mistyped year must not freeze an index
  return std::clamp<std::int64_t>(max_age - std::max<std::int64_t>(age, 0), 0, kLongest);
}

}  // namespace cogbuild::pypi
