#include "rule_groups.hpp"

namespace cogbuild::check {

std::span<const Rule> name_rules() { return {}; }

}  // namespace cogbuild::check
