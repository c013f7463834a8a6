#pragma once

#include "json_value.hpp"

#include <cogbuild/schema/signature.hpp>

namespace cogbuild::schema {

// A Python literal as JSON. Keys of a dict become text as Go prints them (`1`, `true`, `<nil>`,
// `1e+06`); of two equal keys the last counts.
Json to_json(const Literal& literal);

}  // namespace cogbuild::schema
