#pragma once

#include <cogbuild/clock/clock.hpp>
#include <cogbuild/http/client.hpp>
#include <cogbuild/pypi/simple_index.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cogbuild::pypi {

// An index's last answer about a project, parsed, as it is kept between runs.
struct CachedPage {
  bool exists = false;  // false: the index said 404
  std::string etag{};
  std::int64_t fetched = 0;  // seconds since the epoch
  std::int64_t max_age = 0;  // seconds
  ProjectPage page{};

  [[nodiscard]] bool is_fresh(clock::Time now) const;
  friend bool operator==(const CachedPage&, const CachedPage&) = default;
};

// Lines of fields divided by tabs; parse_cached_page(to_text(c)) == c, user-info left out. Text
// that is not of this version, or damaged, is nothing: the page is asked for again.
std::string to_text(const CachedPage& cached);
std::optional<CachedPage> parse_cached_page(std::string_view text);

// RFC 9111, section 5.2: the seconds that an answer stays fresh, less those it spent in other
// caches.
std::int64_t max_age_of(const http::Headers& headers);

}  // namespace cogbuild::pypi
