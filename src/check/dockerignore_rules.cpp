#include "rule_parts.hpp"

namespace cogbuild::check {

std::span<const Rule> dockerignore_rules() { return {}; }

}  // namespace cogbuild::check
