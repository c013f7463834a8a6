#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace cogbuild::cmd {

// Names divided by commas, as pip takes them; empty ones are passed over.
inline std::vector<std::string> split_commas(const std::vector<std::string>& values) {
  std::vector<std::string> names;
  for (const auto& value : values)
    for (std::size_t start = 0; start <= value.size();) {
      const auto end = std::min(value.find(',', start), value.size());
      if (end > start) names.push_back(value.substr(start, end - start));
      start = end + 1;
    }
  return names;
}

}  // namespace cogbuild::cmd
