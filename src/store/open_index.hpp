#pragma once

#include "sqlite_connection.hpp"

#include <cogbuild/error/result.hpp>

#include <filesystem>

namespace cogbuild::store {

// A connection to a database with the schema of this version, made anew where it is missing. One
// that is damaged or foreign is set aside. Errors: io.
Result<Connection> open_index(const std::filesystem::path& file);

// Sets the database of `damaged` aside, unless another process already has, and opens its
// successor.
Result<Connection> begin_anew(Connection damaged, const std::filesystem::path& file);

}  // namespace cogbuild::store
