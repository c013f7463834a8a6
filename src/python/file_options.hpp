#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/python/requirements_file.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::python {

// The options of a requirements file, by what they do.
enum class Option {
  requirement_file,
  constraint_file,
  editable,
  index_url,
  extra_index_url,
  no_index,
  find_links,
  no_binary,
  only_binary,
  prefer_binary,
  prereleases,
  all_releases,
  only_final,
  hash,
  require_hashes,
  no_require_hashes,
  trusted_host,
  ignored,        // accepted without effect
  ignored_value,  // the same, with a value
};

struct GivenOption {
  Option option = Option::ignored;
  std::string_view name{};
  std::string value{};
};

// The options in the tail of a line: `--name value`, `--name=value`, `-n value`, `-nvalue`. Errors:
// config, unsupported; located.
Result<std::vector<GivenOption>> parse_options(std::string_view text,
                                               const SourceLocation& location,
                                               std::vector<Error>& warnings);

// A comma list of names, `:all:` or `:none:`, added to what earlier lines selected; a name selected
// here leaves the opposite selection.
void select_names(std::string_view text, NameSelection& selection, NameSelection& opposite);

}  // namespace cogbuild::python
