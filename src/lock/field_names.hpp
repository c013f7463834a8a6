#pragma once

#include <cogbuild/lock/lock.hpp>

#include <optional>
#include <string_view>

namespace cogbuild::lock {

// How both forms of a lock spell the enumerators.
const char* to_string(Group group);
const char* to_string(Form form);
std::optional<Group> parse_group(std::string_view text);
std::optional<Form> parse_form(std::string_view text);

}  // namespace cogbuild::lock
