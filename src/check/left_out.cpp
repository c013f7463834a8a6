#include "left_out.hpp"

#include <algorithm>

namespace cogbuild::check {

bool is_left_out(const Subject& subject, std::string_view path) {
  if (!subject.listing) return false;
  const auto& paths = subject.listing->ignored.paths;
  for (auto end = path.find('/');; end = path.find('/', end + 1)) {
    if (std::ranges::binary_search(paths, path.substr(0, end))) return true;
    if (end == std::string_view::npos) return false;
  }
}

}  // namespace cogbuild::check
