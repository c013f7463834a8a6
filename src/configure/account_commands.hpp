#pragma once

#include "script_effects.hpp"
#include "shell_words.hpp"

#include <string_view>
#include <vector>

namespace cogbuild::configure {

// adduser, addgroup, useradd, groupadd, usermod, deluser and their kin.
bool is_account_command(std::string_view name);

// Adds what the command wants; false when it has a form that is not known.
bool read_account_command(const std::vector<Field>& fields, ScriptEffects& effects);

// sysusers.d(5): the lines `u`, `g` and `m` of a file. Lines of other kinds and wrong ones say
// nothing.
void read_sysusers(std::string_view text, ScriptEffects& effects);

// Whether a name can be a user's or group's: what passwd(5) can hold.
bool is_account_name(std::string_view name);

}  // namespace cogbuild::configure
