#include "quoted.hpp"

#include "ascii.hpp"

namespace cogbuild::debian {

std::string quoted(std::string_view text) {
  constexpr std::size_t kMaxShown = 120;
  std::string shown = "`";
  if (const auto at = text.rfind('@'); at != std::string_view::npos) {
    shown += "…";
    text.remove_prefix(at);
  }
  for (const char c : text.substr(0, kMaxShown)) shown.push_back(is_control(c) ? '?' : c);
  if (text.size() > kMaxShown) shown += "…";
  shown.push_back('`');
  return shown;
}

}  // namespace cogbuild::debian
