#include "rule_groups.hpp"
#include "rule_parts.hpp"

#include <vector>

namespace cogbuild::check {

std::span<const Rule> file_rules() {
  static const std::vector<Rule> all = [] {
    std::vector<Rule> out;
    for (const auto part :
         {secret_rules(), dockerignore_rules(), unwanted_file_rules(), author_path_rules()})
      out.insert(out.end(), part.begin(), part.end());
    return out;
  }();
  return all;
}

}  // namespace cogbuild::check
