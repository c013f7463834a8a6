#include "safe_path.hpp"

#include "ascii.hpp"

#include <algorithm>

namespace cogbuild::debian {

bool is_safe_path(std::string_view path) {
  constexpr std::size_t kMaxPathBytes = 4096;
  if (path.empty() || path.size() > kMaxPathBytes) return false;
  if (std::any_of(path.begin(), path.end(), [](char c) { return is_control(c) || c == '\\'; }))
    return false;
  while (true) {
    const auto slash = std::min(path.find('/'), path.size());
    const auto part = path.substr(0, slash);
    if (part.empty() || part == "." || part == "..") return false;
    if (slash == path.size()) return true;
    path.remove_prefix(slash + 1);
  }
}

}  // namespace cogbuild::debian
