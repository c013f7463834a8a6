#include "rule_groups.hpp"

namespace cogbuild::check {

std::span<const Rule> python_rules() { return {}; }

}  // namespace cogbuild::check
