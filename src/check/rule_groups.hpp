#pragma once

#include <cogbuild/check/rule.hpp>

#include <span>

namespace cogbuild::check {

// The rules of each group, one source file (or a few) each; rules.cpp makes one table of them.
std::span<const Rule> config_rules();
std::span<const Rule> suppression_rules();  // of the group `config`
std::span<const Rule> name_rules();
std::span<const Rule> input_rules();
std::span<const Rule> image_rules();
std::span<const Rule> python_rules();
std::span<const Rule> dependency_rules();
std::span<const Rule> weight_rules();
std::span<const Rule> file_rules();

}  // namespace cogbuild::check
