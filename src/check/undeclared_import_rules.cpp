#include "rule_parts.hpp"

namespace cogbuild::check {

std::span<const Rule> undeclared_import_rules() { return {}; }

}  // namespace cogbuild::check
