#pragma once

#include <cogbuild/error/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::python {

// One script to make: `name = module:attribute`.
struct EntryPoint {
  std::string name{};
  std::string module{};     // `pkg.cli`
  std::string attribute{};  // `main`, or dotted `App.main`
  bool gui = false;         // from gui_scripts; on Linux the same
  friend bool operator==(const EntryPoint&, const EntryPoint&) = default;
};

// The console and GUI scripts of entry_points.txt, in the order written; other groups are skipped.
// Entry points specification, "File format". Errors: config for a line that is no `name = value`, a
// value without `:attribute`, a name that leaves the scripts directory, or one given twice.
Result<std::vector<EntryPoint>> parse_entry_points(std::string_view text);

}  // namespace cogbuild::python
