#include "rule_groups.hpp"

namespace cogbuild::check {

std::span<const Rule> dependency_rules() { return {}; }

}  // namespace cogbuild::check
