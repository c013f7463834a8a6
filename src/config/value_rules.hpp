#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cogbuild::config {

// What is wrong with one value, and what to do.
struct Problem {
  std::string message{};
  std::string hint{};
};

// Cog's rules for single values (spec, "Keys"); nullopt: the value is fine.

// `major.minor[.patch]` in integers, 3.10 or newer.
std::optional<Problem> check_python_version(std::string_view text);
// `major.minor[…]`, CUDA 11 or newer.
std::optional<Problem> check_cuda(std::string_view text);
// A PEP 440 version from 0.16.0 on, or `prerelease`.
std::optional<Problem> check_sdk_version(std::string_view text);
// `file.py:Name`; `key` is the key that holds it.
std::optional<Problem> check_entry_point(std::string_view key, std::string_view text);
// A repository without tag, digest and scheme.
std::optional<Problem> check_model(std::string_view text);
// One command without line breaks inside; `key` as above.
std::optional<Problem> check_command(std::string_view key, std::string_view text);
// The name of `NAME=value`.
std::optional<Problem> check_environment_name(std::string_view name);
// Options of pip beside or instead of a requirement: Cog takes them for the whole list.
std::optional<Problem> check_inline_options(std::string_view requirement);

// A weight's name, absolute target, source and gitignore pattern (spec, "Managed weights").
std::optional<Problem> check_weight_name(std::string_view text);
std::optional<Problem> check_weight_target(std::string_view text);
std::optional<Problem> check_weight_uri(std::string_view text);
std::optional<Problem> check_weight_pattern(std::string_view text);

// Without blanks at both ends.
std::string_view trim(std::string_view text);

}  // namespace cogbuild::config
