#pragma once

#include <cogbuild/check/rule.hpp>

#include <span>

namespace cogbuild::check {

// The parts of which the groups dependencies, weights and files are made, one source file each.
std::span<const Rule> pin_rules();
std::span<const Rule> duplicate_requirement_rules();
std::span<const Rule> needless_requirement_rules();
std::span<const Rule> framework_build_rules();
std::span<const Rule> pip_rules();
std::span<const Rule> undeclared_import_rules();
std::span<const Rule> heavy_requirement_rules();
std::span<const Rule> system_package_rules();
std::span<const Rule> base_package_rules();

std::span<const Rule> hub_download_rules();
std::span<const Rule> url_download_rules();
std::span<const Rule> library_download_rules();
std::span<const Rule> shipped_weights_rules();
std::span<const Rule> weights_cache_rules();

std::span<const Rule> secret_rules();
std::span<const Rule> unwanted_file_rules();
std::span<const Rule> dockerignore_rules();
std::span<const Rule> author_path_rules();

}  // namespace cogbuild::check
