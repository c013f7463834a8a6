#include "rule_groups.hpp"

namespace cogbuild::check {

std::span<const Rule> image_rules() { return {}; }

}  // namespace cogbuild::check
