#include "input_rules.hpp"

#include "rule_groups.hpp"

#include <vector>

namespace cogbuild::check {

std::span<const Rule> input_rules() {
  static const std::vector<Rule> all = [] {
    std::vector<Rule> out;
    for (const auto part : {input_value_rules(), input_type_rules(), input_description_rules(),
                            input_name_rules(), input_order_rules()})
      out.insert(out.end(), part.begin(), part.end());
    return out;
  }();
  return all;
}

}  // namespace cogbuild::check
