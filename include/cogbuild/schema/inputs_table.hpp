#pragma once

#include <cogbuild/schema/signature.hpp>

#include <string>

namespace cogbuild::schema {

// The inputs and the output for people: name, type, required or default, limits, description.
// Plain text with aligned columns, no wider than `columns` (descriptions wrap), at least 60.
std::string inputs_as_text(const Signature& signature, std::size_t columns = 100);
// A Markdown table for a README; cells are escaped.
std::string inputs_as_markdown(const Signature& signature);
// A JSON array of {name, type, required, default, minimum, …}; two-space indent, no line end.
std::string inputs_as_json(const Signature& signature);

// A body for POST /predictions that the schema accepts: every required input with a telling value
// and no other; `all` adds the optional ones with their defaults. Two-space indent, no line end.
std::string example_request(const Signature& signature, bool all = false);
// The same as a command line: curl with that body.
std::string example_command(const Signature& signature);

}  // namespace cogbuild::schema
