#pragma once

#include "value_rules.hpp"

#include <optional>
#include <string_view>

namespace cogbuild::config {

// The rules for single values of cogbuild.yaml; nullopt: the value is fine. Messages show no
// password of a URL.

// `deb [option=value …] URI suite component…`, as far as it can be told without a suite's name.
std::optional<Problem> check_source_line(std::string_view text);
// An absolute http, https or file URL; `key` is the key that holds it.
std::optional<Problem> check_url(std::string_view key, std::string_view text);
// A codename or suite, one word.
std::optional<Problem> check_suite(std::string_view text);
// The name of a binary package; Debian Policy 5.6.7.
std::optional<Problem> check_package(std::string_view text);
// The same, also `name=version` and `name/suite`.
std::optional<Problem> check_package_wish(std::string_view text);
// A reference to an image, or `debian:suite`: one word.
std::optional<Problem> check_base(std::string_view text);
// `3.12.11`: what an archive of CPython holds, to the last digit.
std::optional<Problem> check_full_python_version(std::string_view text);
// The id of a rule: words of lower-case letters and digits, with dashes between them.
std::optional<Problem> check_rule_id(std::string_view text);
// A pattern of paths (project/path_pattern.hpp), relative to the project.
std::optional<Problem> check_path_pattern(std::string_view text);

}  // namespace cogbuild::config
