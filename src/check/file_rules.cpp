#include "rule_groups.hpp"

namespace cogbuild::check {

std::span<const Rule> file_rules() { return {}; }

}  // namespace cogbuild::check
