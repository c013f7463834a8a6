#pragma once

#include <cogbuild/check/rule.hpp>

#include <span>

namespace cogbuild::check {

// The rules of the group `images` that are about width and height.
std::span<const Rule> image_size_rules();

}  // namespace cogbuild::check
