#pragma once

#include <cogbuild/schema/signature.hpp>

#include <string>
#include <string_view>

namespace cogbuild::schema {

// A text for an input of this name, within its limits of length; where it has a pattern, one that
// matches, if one is found.
std::string sample_text(const Input& input);
// The address of a file of the kind that its name or `accept` says, on example.com (RFC 2606).
std::string sample_url(const Input& input);

// A text that a pattern of literals, classes, groups and repetitions matches; empty where the
// pattern has other things. Not every result matches: the caller checks.
std::string text_of_pattern(std::string_view pattern);

}  // namespace cogbuild::schema
