#pragma once

#include "request.hpp"

#include <cogbuild/error/result.hpp>

#include <string>

namespace cogbuild::resolve {

// Makes `location` (URL, `git+…`, or path relative to the project) what the root stands for. The
// name is the root's, else that of a wheel's or source archive's file name or of `#egg=`, else left
// empty: then the metadata alone tells it. Hashes of the URL join the root's. Errors, located:
// config; unsupported (neither a wheel, a source archive, a directory nor git; a weak hash).
Result<void> set_direct(Root& root, const std::string& location);

// Why a root's source cannot be checked against hashes; empty when it can.
std::string why_unhashable(const Root& root);

// What a URL or path names, short and without credentials: a file's or directory's name, or the
// repository and revision.
std::string describe_direct(const std::string& location);

}  // namespace cogbuild::resolve
