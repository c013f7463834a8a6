#include "rule_parts.hpp"

namespace cogbuild::check {

std::span<const Rule> author_path_rules() { return {}; }

}  // namespace cogbuild::check
