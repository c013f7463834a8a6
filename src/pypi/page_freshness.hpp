#pragma once

#include <cogbuild/clock/clock.hpp>
#include <cogbuild/http/client.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cogbuild::pypi {

// Until when a kept page needs no question to its index. It is kept apart from the page, as most
// questions are answered with "not changed", and a page is large.
struct PageFreshness {
  std::int64_t fetched = 0;  // seconds since the epoch
  std::int64_t max_age = 0;  // seconds
  std::string etag{};        // of the page it speaks of

  [[nodiscard]] bool is_fresh(clock::Time now) const;
  friend bool operator==(const PageFreshness&, const PageFreshness&) = default;
};

// `fetched max_age etag`. Text that is not of this form is nothing.
std::string to_text(const PageFreshness& freshness);
std::optional<PageFreshness> parse_page_freshness(std::string_view text);

std::int64_t seconds_since_epoch(clock::Time time);

// RFC 9111, section 5.2: the seconds that an answer stays fresh, less those it spent in other
// caches.
std::int64_t max_age_of(const http::Headers& headers);

}  // namespace cogbuild::pypi
