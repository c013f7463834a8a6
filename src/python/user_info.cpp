#include "user_info.hpp"

#include <algorithm>

namespace cogbuild::python {

std::string without_user_info(std::string_view text) {
  std::string clean;
  while (true) {
    const auto scheme_end = text.find("://");
    if (scheme_end == std::string_view::npos) return clean.append(text);
    const auto host = scheme_end + 3;
    const auto authority_end = std::min(text.find_first_of("/?#\\ \t\"'", host), text.size());
    const auto at = text.substr(host, authority_end - host).rfind('@');
    clean.append(text.substr(0, host));
    text.remove_prefix(at == std::string_view::npos ? host : host + at + 1);
  }
}

}  // namespace cogbuild::python
