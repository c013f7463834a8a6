#include "rule_groups.hpp"
#include "rule_parts.hpp"

#include <vector>

namespace cogbuild::check {

std::span<const Rule> weight_rules() {
  static const std::vector<Rule> all = [] {
    std::vector<Rule> out;
    for (const auto part : {url_download_rules(), hub_download_rules(), library_download_rules(),
                            shipped_weights_rules(), weights_cache_rules()})
      out.insert(out.end(), part.begin(), part.end());
    return out;
  }();
  return all;
}

}  // namespace cogbuild::check
