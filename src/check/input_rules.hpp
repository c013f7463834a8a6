#pragma once

#include <cogbuild/check/rule.hpp>

#include <span>

namespace cogbuild::check {

// The rules of the group `inputs`, by what they look at.
std::span<const Rule> input_name_rules();
std::span<const Rule> input_order_rules();
std::span<const Rule> input_description_rules();
std::span<const Rule> input_value_rules();
std::span<const Rule> input_type_rules();

}  // namespace cogbuild::check
