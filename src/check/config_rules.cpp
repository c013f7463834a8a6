#include "rule_groups.hpp"

namespace cogbuild::check {

std::span<const Rule> config_rules() { return {}; }

}  // namespace cogbuild::check
