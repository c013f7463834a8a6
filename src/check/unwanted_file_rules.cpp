#include "rule_parts.hpp"

namespace cogbuild::check {

std::span<const Rule> unwanted_file_rules() { return {}; }

}  // namespace cogbuild::check
