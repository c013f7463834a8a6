#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogbuild::pypi {

// A start tag; names in lower case, values with their character references resolved.
struct HtmlTag {
  std::string name{};
  std::vector<std::pair<std::string, std::string>> attributes{};
  // Nothing when the attribute is absent; "" when it has no value.
  [[nodiscard]] std::optional<std::string> attribute(std::string_view wanted) const;
};

// Removes everything up to the end of the next start tag from `html` and returns the tag; nothing
// at the end. Comments, end tags, and the content of script and style are passed over.
std::optional<HtmlTag> next_tag(std::string_view& html);

// `&amp;`, `&lt;`, `&gt;`, `&quot;`, `&apos;` and numbers; anything else stays as it is.
std::string unescape_html(std::string_view text);

}  // namespace cogbuild::pypi
