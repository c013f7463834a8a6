#pragma once

#include <cogbuild/check/finding.hpp>
#include <cogbuild/syntax/module.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace cogbuild::check {

// The edit that takes a whole statement out, with its line. Nothing where it shares lines with
// other code or is the only statement of its block.
std::optional<Edit> drop_statement(const syntax::Node& statement);

// The edits that take names out of `from … import a, b, …`, aliases with them; of the last name,
// the statement. Nothing where none of the names is there, or a comment stands in between.
std::optional<std::vector<Edit>> drop_imported_names(const syntax::Node& statement,
                                                     const std::vector<std::string_view>& names);

// The edit that adds an item (`BaseModel`, `BaseModel as Model`) behind the last one.
std::optional<Edit> add_imported_name(const syntax::Node& statement, std::string_view item);

}  // namespace cogbuild::check
