#pragma once

#include <string>
#include <string_view>

namespace cogbuild {

// Text of a project as it may be shown to people: control characters (C0 but tabs, DEL, C1 in
// UTF-8) become `?`, so that no file writes to a terminal or begins a line of its own.
std::string printable(std::string_view text);

// The same of a path that begins a line: one that begins with `::`, blanks in front or not, gets a
// `./`, since GitHub Actions would take the line for a command.
std::string printable_path(std::string_view path);

// The same of each line of a message; its first follows a word such as `error:`.
std::string printable_lines(std::string_view text);

}  // namespace cogbuild
