#include "pattern.hpp"

#include <algorithm>

namespace cogbuild::schema {

namespace {

RE2::Options options() {
  RE2::Options made;
  made.set_log_errors(false);
  made.set_max_mem(std::int64_t{64} << 20);
  return made;
}

bool is_upper_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); }

// `\u00E9` as `\x{00E9}`, and Go's `(?<name>` as RE2's `(?P<name>`.
std::string in_re2_dialect(std::string_view pattern) {
  std::string out;
  for (std::size_t at = 0; at != pattern.size();) {
    const auto rest = pattern.substr(at);
    if (rest.size() >= 6 && rest.starts_with("\\u") &&
        std::ranges::all_of(rest.substr(2, 4), is_upper_hex)) {
      out.append("\\x{").append(rest.substr(2, 4)).append("}");
      at += 6;
    } else if (rest.starts_with('\\') && rest.size() >= 2) {
      out += rest.substr(0, 2);
      at += 2;
    } else if (rest.size() >= 4 && rest.starts_with("(?<") && rest[3] != '=' && rest[3] != '!') {
      out += "(?P<";
      at += 3;
    } else {
      out += rest.front();
      ++at;
    }
  }
  return out;
}

}  // namespace

Pattern::Pattern(std::string_view pattern) : compiled_(in_re2_dialect(pattern), options()) {}

bool Pattern::matches(std::string_view text) const {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), compiled_);
}

}  // namespace cogbuild::schema
