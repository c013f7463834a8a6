#include "rule_groups.hpp"
#include "rule_parts.hpp"

#include <vector>

namespace cogbuild::check {

std::span<const Rule> dependency_rules() {
  static const std::vector<Rule> all = [] {
    std::vector<Rule> out;
    for (const auto part :
         {pin_rules(), duplicate_requirement_rules(), pip_rules(), framework_build_rules(),
          needless_requirement_rules(), heavy_requirement_rules(), undeclared_import_rules(),
          system_package_rules(), base_package_rules()})
      out.insert(out.end(), part.begin(), part.end());
    return out;
  }();
  return all;
}

}  // namespace cogbuild::check
