#include "rule_parts.hpp"

namespace cogbuild::check {

std::span<const Rule> library_download_rules() { return {}; }

}  // namespace cogbuild::check
