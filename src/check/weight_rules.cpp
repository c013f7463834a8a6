#include "rule_groups.hpp"

namespace cogbuild::check {

std::span<const Rule> weight_rules() { return {}; }

}  // namespace cogbuild::check
